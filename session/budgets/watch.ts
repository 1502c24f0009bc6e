import { usdText } from '../../protocol/money/usd.ts';
import { hasRunning } from '../calls/state.ts';
import { pauseItself } from '../decision.ts';
import type { Event } from '../events.ts';
import { isEnded } from '../lifecycle/states.ts';
import { reservedOf, totalOf } from '../money/balance.ts';
import { instantOf } from '../money/layers.ts';
import type { Account } from '../money/state.ts';
import type { Session } from '../session.ts';
import type { Due } from '../time/due.ts';
import { isOver, leftOf, thresholdOf, usedOf, wants } from './lease.ts';
import type { SharedBudget } from './state.ts';

/** A session that is paused for so long gives back what it has not used. Milliseconds. */
const SLEEPS_AFTER = 5 * 60_000;

/**
 * What a session says to the budgets that it shares, by itself: it asks for more in time, gives back what it does not
 * need while it is paused, and says what it used once it has ended. One that was reset in Temporal says nothing: it
 * does not know what it said before.
 */
export function watchBudgets(session: Session, now: number): readonly Event[] {
  const { account, budgets, resetAt } = session;
  if (!account || budgets.length === 0 || resetAt !== null) return [];
  for (const budget of budgets) {
    const events = budget.asking || budget.isSettled ? [] : next(session, account, budget, now);
    if (events.length > 0) return events;
  }
  return [];
}

function next(session: Session, account: Account, budget: SharedBudget, now: number): readonly Event[] {
  const { state } = session;
  if (isEnded(state)) {
    const used = finalOf(session, account, now);
    return hasRunning(session) ? [] : [wants(account, budget, { used, want: 0, least: 0, ends: true }, now)];
  }
  const used = usedOf(session, account, now);
  const left = leftOf(budget, used, now);
  if (state.name === 'PAUSED') {
    const isDue = budget.n > 0 && sleepsAt(session) <= now && (!budget.isAsleep || left > 0);
    return isDue ? [wants(account, budget, { used, want: 0, least: 0 }, now)] : [];
  }
  if (state.name !== 'RUNNING') return [];
  const { refused, slice } = budget;
  if (used < thresholdOf(budget)) return [];
  if (left < 0 && refused && refused.target <= used + 1 && !isOver(budget, now)) {
    const text = `${usdText(totalOf(account, now))} are spent; ${refused.message}`;
    return [{ type: 'noted', kind: 'budget', text }, pauseItself(state, 'budget', `${refused.code}: ${text}`, now)];
  }
  return [wants(account, budget, { used, want: slice, least: left < 0 ? 1 : 0 }, now)];
}

/** What nobody knows the cost of cost the most; nothing is undone any more. */
function finalOf({ open }: Session, account: Account, now: number): number {
  let sum = totalOf(account, now);
  for (const { reserved } of open) if (reserved) sum += reserved.call;
  return sum;
}

/** One that waits for money gives back at once what others could use. */
const sleepsAt = ({ state, budgets }: Session): number =>
  state.name !== 'PAUSED' ? Infinity : budgets.some(({ refused }) => refused) ? 0 : state.since + SLEEPS_AFTER;

/** When a budget is due by the clock alone. */
export function budgetInstants(session: Session): readonly Due[] {
  const { account, budgets, state, resetAt } = session;
  if (!account || budgets.length === 0 || resetAt !== null) return [];
  const others = account.calls + account.recorded + reservedOf(session, account);
  return budgets.flatMap((budget): readonly Due[] => {
    const { id, n, asking, isAsleep } = budget;
    if (asking) return [];
    if (state.name === 'PAUSED')
      return isAsleep || n === 0 ? [] : [{ at: sleepsAt(session), what: `giving back to budget ${id}` }];
    if (state.name !== 'RUNNING') return [];
    const at = instantOf(account, thresholdOf(budget) - others);
    return [{ at, what: `next slice of budget ${id}`, comesNearer: true }];
  });
}
