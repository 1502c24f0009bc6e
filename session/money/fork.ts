import type { Session } from '../session.ts';
import { balanceOf } from './balance.ts';
import { NO_WORK } from './fold.ts';
import type { Account } from './state.ts';

/**
 * The account of a fork begins at nothing, so that sums over sessions count nothing twice, under the prices of its
 * parent; it may spend what its parent had left.
 */
export function accountOfFork(parent: Session, now: number): Account | null {
  const { account } = parent;
  if (!account) return null;
  return {
    ...account,
    limit: balanceOf(parent, account, now).free,
    toppedUp: 0,
    calls: 0,
    byName: {},
    recorded: 0,
    excess: 0,
    undoing: 0,
    worked: NO_WORK,
    since: now,
    at: [],
    alerted: 0,
    halved: 0,
    short: null,
  };
}
