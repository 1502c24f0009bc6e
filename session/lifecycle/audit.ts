import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { goesOn, hasRunning } from '../session.ts';
import { isEnded } from './states.ts';
import { withdrawAsks } from '../calls/asks.ts';
import { refuseQueued } from '../calls/outcomes.ts';
import { losses } from '../servers/leases.ts';
import { CUSTODY, move } from '../decision.ts';

/** Moves AUDIT on, once nothing is under way; what still waits in a session that ended is refused. */
export function settle(session: Session, now: number): readonly Event[] {
  const withdrawn = isGivenUp(session) ? withdrawAsks(session, now) : [];
  if (withdrawn.length > 0) return withdrawn;
  if (session.state.name === 'AUDIT') return audit(session, now);
  if (isEnded(session.state)) return refuseQueued(session, now);
  return losses(session, now);
}

/** Does the session go on without what servers asked? One that is to complete waits for it, as for calls under way. */
const isGivenUp = ({ state }: Session): boolean =>
  state.name === 'ROLLBACK' ||
  (state.name === 'AUDIT' && (state.then.name === 'FAILED' || state.then.name === 'TIMEOUT'));

/** The check: every call has its outcome. A call in doubt keeps the session in AUDIT until it is resolved (P4, A3). */
function audit(session: Session, now: number): readonly Event[] {
  const { state, duties, governance } = session;
  if (state.name !== 'AUDIT') return [];
  const ends = state.then.name !== 'RUNNING';
  const refused = ends ? refuseQueued(session, now) : [];
  if (refused.length > 0) return refused;
  if (session.open.some((call) => goesOn(session, call) || (ends && call.phase === 'awaiting_input'))) return [];
  const inDoubt = session.open.filter((call) => call.phase === 'in_doubt');
  if (hasRunning(session) || (inDoubt.length > 0 && governance?.session.complianceCheck !== false)) return [];
  const checked: Event = { type: 'checked', duties, over24h: duties.some(({ kind }) => kind === 'over-24h') };
  const found =
    inDoubt.length > 0
      ? `${inDoubt.length === 1 ? '1 call stays' : `${inDoubt.length} calls stay`} in doubt`
      : 'every call has its outcome';
  return [
    checked,
    move(state, state.then, CUSTODY, state.then.name === 'RUNNING' ? found : `${state.then.reason} (${found})`),
  ];
}
