import { reservedOf, totalOf } from '../money/balance.ts';
import { accrued } from '../money/layers.ts';
import type { Account } from '../money/state.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import type { SharedBudget } from './state.ts';

/** What a session has used of each budget that it draws on: spent, or reserved, since it began. */
export const usedOf = (session: Pick<Session, 'open'>, account: Account, now: number): number =>
  totalOf(account, now) + reservedOf(session, account);

/** Its period is over: what it granted counts no more. */
export const isOver = ({ until }: Pick<SharedBudget, 'until'>, now: number): boolean => until !== null && until <= now;

/**
 * How much more may be used; negative where more is used than was granted. What the session has offered to give back
 * is not used while it waits for the answer.
 */
export function leftOf(budget: SharedBudget, used: number, now: number): number {
  if (isOver(budget, now)) return Math.min(0, budget.granted - used);
  const { granted, asking } = budget;
  return (asking ? Math.min(granted, asking.used + asking.want) : granted) - used;
}

/** What it says to a budget. Of what was used until its lease was over nothing is of the period that begins. */
export function wants(
  account: Account,
  budget: SharedBudget,
  { used, want, least, ends = false }: { used: number; want: number; least: number; ends?: boolean },
  now: number,
): Event {
  const { id, n, before } = budget;
  const earlier = isOver(budget, now) ? used : Math.min(before, used);
  const draw = { n: n + 1, used, before: earlier, want, least, ends };
  return { type: 'drawWanted', budget: id, draw, layers: accrued(account, now) };
}

/**
 * At so much used the session asks for more by itself: when less than half a slice is left, so that calls need not
 * wait; where the budget had not enough for that, not before more is used than it granted.
 */
export function thresholdOf({ n, slice, granted, isDry }: SharedBudget): number {
  if (n === 0) return 1;
  return isDry ? granted + 1 : Math.max(1, granted - Math.floor(slice / 2) + 1);
}
