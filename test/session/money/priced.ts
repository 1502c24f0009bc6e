import type { AttemptOutcome } from '../../../protocol/calls/call.ts';
import type { PriceBook } from '../../../protocol/money/prices.ts';
import { type Balance, balanceOf } from '../../../session/money/balance.ts';
import type { Account } from '../../../session/money/state.ts';
import { openedOf, type Patch, succeeded, World } from '../world.ts';

export const USD = 1_000_000;

/** Layers that cost nothing, for tests of calls alone. */
export const FREE = { auditCost: 0, executionCost: 0, complianceCost: 0 };

/** With this price a call may cost half a dollar in the world of these tests: its timeout is a minute. */
export const HALF: PriceBook['calls'] = { 's.*': { call: 20_000, second: 8_000 } };

/** A session that runs, with prices. */
export function priced(cost: Patch['cost'], calls: PriceBook['calls'] = HALF, patch: Patch = {}): World {
  const money = { hash: 'book-v1', calls, models: { small: { input: USD, output: 4 * USD } } };
  const opened = openedOf({ ...patch, cost: { ...FREE, ...cost } });
  return new World().do({ ...opened, money } as typeof opened);
}

export const accountIn = ({ session }: World): Account => {
  if (!session.account) throw new Error('the session has no account');
  return session.account;
};

export const balanceIn = (world: World): Balance => balanceOf(world.session, accountIn(world), world.now);

/** An answer after some milliseconds. */
export const after = (ms: number): AttemptOutcome => ({ ...succeeded(), ms });
