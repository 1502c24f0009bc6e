import { nameOf } from '../../protocol/calls/call.ts';
import { usdText } from '../../protocol/money/usd.ts';
import { giveUp } from '../calls/endings.ts';
import { isRunning, type QueuedCall } from '../calls/state.ts';
import { pauseItself } from '../decision.ts';
import type { Event } from '../events.ts';
import { type Affordable, affordable } from '../money/afford.ts';
import { reservedOf } from '../money/balance.ts';
import type { Account, Reservation } from '../money/state.ts';
import type { Session } from '../session.ts';
import { isOver, leftOf, usedOf, wants } from './lease.ts';
import type { Refused, SharedBudget } from './state.ts';

/**
 * Can the session pay what a call may cost at most, from its own budget and from all that it shares? Where one of those
 * has not granted enough, it is asked first; where one says no, the session stops, and gives back what others granted.
 */
export function payable(
  session: Session,
  call: QueuedCall,
  reserved: Reservation | undefined,
  now: number,
): Affordable {
  const own = affordable(session, call, reserved, now);
  const { account, budgets } = session;
  if (own !== 'yes' || budgets.length === 0 || !account || !reserved) return own;
  if (call.compensates !== undefined || call.rest?.continuation.withdrawn) return own;
  const most = reserved.call + reserved.undo;
  const used = usedOf(session, account, now);
  const asks: Event[] = [];
  let waits = false;
  for (const budget of budgets) {
    // What the layers have cost since it was asked is left out: they would be ahead of every answer.
    const byCalls = account.calls + account.recorded + reservedOf(session, account) + budget.layers;
    if (most <= leftOf(budget, byCalls, now)) continue;
    const { asking, slice, refused } = budget;
    if (asking) waits = true;
    else if (!refused || used + most < refused.target)
      asks.push(wants(account, budget, { used, want: most + slice, least: most }, now));
    else if (mayComeFree(session, account, budget, most)) waits = true;
    else if (isOver(budget, now)) asks.push(wants(account, budget, { used, want: most + slice, least: most }, now));
    else return short(session, call, most, refused, now);
  }
  if (waits) return 'wait';
  return asks.length > 0 ? asks : 'yes';
}

/** Would it suffice once calls under way have ended, perhaps? What the layers cost is left out, as it is elsewhere. */
function mayComeFree({ open }: Session, account: Account, { granted }: SharedBudget, most: number): boolean {
  let lasting = account.calls + account.recorded + account.undoing;
  for (const each of open) if (!isRunning(each)) lasting += each.reserved?.call ?? 0;
  return open.some((each) => isRunning(each) && each.reserved) && most <= granted - lasting;
}

function short(
  { state }: Session,
  call: QueuedCall,
  most: number,
  { code, message: why }: Refused,
  now: number,
): readonly Event[] {
  const message = `${nameOf(call)} (${call.callId}) may cost up to ${usdText(most)}; ${why}.`;
  if (state.name !== 'RUNNING') return [giveUp(call, 'refused', { code, message }, now)];
  return [{ type: 'noted', kind: 'budget', text: message }, pauseItself(state, 'budget', `${code}: ${message}`, now)];
}
