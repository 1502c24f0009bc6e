import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { hasRunning } from '../session.ts';
import { isEnded } from '../state.ts';
import { refuseQueued } from './attempts.ts';
import { CUSTODY, move } from './types.ts';

/** Moves AUDIT on, once nothing is under way; what still waits in a session that ended is refused. */
export function settle(session: Session, now: number): readonly Event[] {
  if (session.state.name === 'AUDIT') return audit(session, now);
  if (isEnded(session.state)) return refuseQueued(session, now);
  return [];
}

/** The check: every call has its outcome. A call in doubt keeps the session in AUDIT until it is resolved (P4, A3). */
function audit(session: Session, now: number): readonly Event[] {
  const { state, duties, governance } = session;
  if (state.name !== 'AUDIT') return [];
  const ends = state.then.name !== 'RUNNING';
  if (ends && session.open.some((call) => call.phase === 'queued')) return refuseQueued(session, now);
  const inDoubt = session.open.filter((call) => call.phase === 'in_doubt');
  if (hasRunning(session) || (inDoubt.length > 0 && governance?.session.complianceCheck !== false)) return [];
  const checked: Event = { type: 'checked', duties, over24h: duties.some(({ kind }) => kind === 'over-24h') };
  const found = inDoubt.length > 0 ? `${inDoubt.length === 1 ? '1 call stays' : `${inDoubt.length} calls stay`} in doubt` : 'every call has its outcome';
  return [checked, move(state, state.then, CUSTODY, state.then.name === 'RUNNING' ? found : `${state.then.reason} (${found})`)];
}
