import { LAYERS } from '../../../protocol/records.ts';
import { isObject, type Json } from '../../../protocol/values/json.ts';
import { totalOf } from '../../../session/money/balance.ts';
import { limitOf } from '../../../session/money/balance.ts';
import { accruedBy } from '../../../session/money/layers.ts';
import type { Account } from '../../../session/money/state.ts';
import { canonical } from '../../../protocol/values/digest.ts';
import { type Finding, finding } from '../finding.ts';

interface Place {
  readonly run: string;
  readonly events: readonly number[];
  readonly records?: readonly number[];
}

/** What the records come to, against the money that a report or the last view of a session says. */
export function againstView(account: Account, view: unknown, place: Place): readonly Finding[] {
  if (!isObject(view)) return [];
  const parts = isObject(view.parts) ? view.parts : {};
  // An ended session costs no more, whenever it is asked.
  const now = account.since;
  const pairs: Pairs = [
    ['calls', account.calls, parts.calls],
    ['recorded', account.recorded, parts.recorded],
    ...LAYERS.map((layer) => [layer, accruedBy(account, layer, now), parts[layer]] as const),
    ['byName', account.byName as unknown as Json, view.byName],
    ['excess', account.excess, view.excess],
    ['toppedUp', account.toppedUp, view.toppedUp],
    ['limit', limitOf(account), view.limit],
    ['spent', spentOf(account, now, view.reserved), view.spent],
  ];
  return different(pairs, place);
}

/** `limit = spent + reserved + free`: what is spent beyond that is `overrun`. */
function spentOf(account: Account, now: number, reserved: unknown): number {
  const [limit, total] = [limitOf(account), totalOf(account, now)];
  return limit === null ? total : Math.min(total, limit - Math.min(Number(reserved), limit));
}

/** The same against the account that a run handed to the next. */
export function againstCarried(account: Account, carried: Account, place: Place): readonly Finding[] {
  const pairs: Pairs = [
    ['calls', account.calls, carried.calls],
    ['recorded', account.recorded, carried.recorded],
    ['byName', account.byName as unknown as Json, carried.byName],
    ['excess', account.excess, carried.excess],
    ['toppedUp', account.toppedUp, carried.toppedUp],
    ['limit', account.limit, carried.limit],
    ['worked', { ...account.worked, since: account.since }, { ...carried.worked, since: carried.since }],
  ];
  return different(pairs, place);
}

type Pairs = readonly (readonly [what: string, counted: Json, said: unknown])[];

const different = (pairs: Pairs, place: Place): readonly Finding[] =>
  pairs
    .filter(([, counted, said]) => canonical(counted) !== canonical((said ?? null) as Json))
    .map(([what, counted, said]) => finding('LEDGER', { what, counted, said: (said ?? null) as Json }, place));
