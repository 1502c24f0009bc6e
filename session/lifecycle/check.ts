import { CUSTODY } from '../../protocol/by.ts';
import { withdrawAsks } from '../calls/asks.ts';
import { refuseQueued } from '../calls/resolve.ts';
import { hasRunning } from '../calls/state.ts';
import { goesOn } from '../calls/terms.ts';
import { move, pauseItself } from '../decision.ts';
import type { Event } from '../events.ts';
import { losses } from '../servers/leases.ts';
import { reviewing } from '../reviews/pass.ts';
import type { Session } from '../session.ts';
import { isEnded, type StateOf } from './states.ts';
import { cancelKept } from './steering.ts';

/** Moves AUDIT on, once nothing is under way; what still waits in a session that ended is refused. */
export function conclude(session: Session, now: number): readonly Event[] {
  const { state } = session;
  const cancelled = cancelKept(session);
  if (cancelled.length > 0) return cancelled;
  const withdrawn = isGivenUp(session) ? withdrawAsks(session, now) : [];
  if (withdrawn.length > 0) return withdrawn;
  if (state.name === 'AUDIT') return check(session, state, now);
  if (isEnded(state)) return refuseQueued(session, now);
  return losses(session, now);
}

/** Does the session go on without what servers asked? One that is to complete waits for it, as for calls under way. */
const isGivenUp = ({ state }: Session): boolean =>
  state.name === 'ROLLBACK' ||
  (state.name === 'AUDIT' && (state.then.name === 'FAILED' || state.then.name === 'TIMEOUT'));

/**
 * The check: every call has its outcome, and every review is done. A call in doubt keeps the session in AUDIT until it
 * is resolved, and a review that persons do until they have done it.
 */
function check(session: Session, state: StateOf<'AUDIT'>, now: number): readonly Event[] {
  const { duties, governance, open } = session;
  const { then } = state;
  const ends = then.name !== 'RUNNING';
  const refused = ends ? refuseQueued(session, now) : [];
  if (refused.length > 0) return refused;
  if (open.some((call) => goesOn(session, call) || (ends && call.phase === 'awaiting_input'))) return [];
  const doubtful = open.filter((call) => call.phase === 'in_doubt').length;
  if (hasRunning(session) || (doubtful > 0 && governance?.session.complianceCheck !== false)) return [];
  const found = foundIn(session, doubtful);
  if (governance?.reviews) return reviewing(session, state, now) ?? passed(session, state, found, now);
  const checked: Event = { type: 'checked', duties, over24h: duties.some(({ kind }) => kind === 'over-24h') };
  return [checked, goOn(state, found)];
}

const goOn = (state: StateOf<'AUDIT'>, found: string): Event => {
  const { then } = state;
  return move(state, then, CUSTODY, then.name === 'RUNNING' ? found : `${then.reason} (${found})`);
};

/** A session to which a person objected stops where it would go on, before it starts a call. */
function passed({ objected }: Session, state: StateOf<'AUDIT'>, found: string, now: number): readonly Event[] {
  const { then } = state;
  const stops = then.name === 'RUNNING' && objected !== null ? [pauseItself(then, 'review', objected, now)] : [];
  return [goOn(state, found), ...stops];
}

function foundIn({ objections }: Session, doubtful: number): string {
  const some = doubtful === 1 ? '1 call stays' : `${doubtful} calls stay`;
  const outcomes = doubtful > 0 ? `${some} in doubt` : 'every call has its outcome';
  const objected = objections === 1 ? '1 objection' : `${objections} objections`;
  return objections > 0 ? `${outcomes}; with ${objected} in reviews` : outcomes;
}
