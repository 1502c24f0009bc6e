import { nameOf } from '../../protocol/calls/call.ts';
import { usdText } from '../../protocol/money/usd.ts';
import { giveUp } from '../calls/endings.ts';
import { isRunning, type QueuedCall } from '../calls/state.ts';
import { pauseItself } from '../decision.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { halvedBy } from './alerts.ts';
import { balanceOf } from './balance.ts';
import type { Reservation } from './state.ts';

/** May it be reserved? `wait`: as soon as calls under way have ended, perhaps. */
export type Affordable = 'yes' | 'wait' | readonly Event[];

/**
 * Can the session pay what a call may cost at most? If not it stops, on record, until somebody tops it up or ends it.
 * Compensations are paid in any case, as is the end of what a server still waits for.
 */
export function affordable(
  session: Session,
  call: QueuedCall,
  reserved: Reservation | undefined,
  now: number,
): Affordable {
  const { account, state, open } = session;
  if (!account || !reserved || call.compensates !== undefined || call.rest?.continuation.withdrawn) return 'yes';
  const { free, limit } = balanceOf(session, account, now);
  const most = reserved.call + reserved.undo;
  if (free === null || limit === null || most <= free) return 'yes';
  // What the layers cost is left out: whether to wait does not change while time passes.
  let lasting = account.calls + account.recorded + account.undoing;
  for (const each of open) if (!isRunning(each)) lasting += each.reserved?.call ?? 0;
  if (open.some((each) => isRunning(each) && each.reserved) && most <= limit - lasting) return 'wait';
  const missing = most - free;
  const what = `${nameOf(call)} (${call.callId}) may cost up to ${usdText(most)}`;
  const there = `of the budget of ${usdText(limit)} are ${usdText(free)} free: ${usdText(missing)} are missing.`;
  const message = `${what}; ${there}`;
  if (state.name !== 'RUNNING') return [giveUp(call, 'refused', { code: 'BUDGET_EXCEEDED', message }, now)];
  return [
    { type: 'noted', kind: 'budget', text: message },
    { type: 'moneyShort', short: { callId: call.callId, missing } },
    pauseItself(state, 'budget', `BUDGET_EXCEEDED: ${message}`, now),
  ];
}

/** Calls at once, as they are now. */
export const callsAtOnce = ({ governance, account }: Session): number =>
  halvedBy(governance?.session.concurrency ?? 0, account?.halved ?? 0);
