import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { isSuspended } from '../time/instants.ts';

/** Paused time that does not count moves the deadline. */
export function leavePause(session: Session, now: number): readonly Event[] {
  const { state, clock } = session;
  if (state.name !== 'PAUSED' || !isSuspended(session)) return [];
  const ms = now - state.since;
  return ms > 0 ? [{ type: 'deadlineShifted', ms, deadlineAt: clock.deadlineAt + ms }] : [];
}
