import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { type Paused, isEnded } from './states.ts';
import { CUSTODY } from '../../protocol/by.ts';
import type { FactOf } from '../facts.ts';
import { iso } from '../time/iso.ts';
import { callForReview } from '../reviews/causes.ts';
import { type Decision, accept, move, refuse } from '../decision.ts';

const RESET =
  'reset in Temporal: calls made after that point are not known to this run, so none is made until it is recovered';

/** The run begins anew from an earlier point: no call starts in it, since it may have been made already. */
export function reset(session: Session, now: number): Decision {
  if (isEnded(session.state)) return accept();
  return accept({ type: 'wasReset', at: now }, ...halt(session, now));
}

/** Stops a session that was reset; one that opens or checks is stopped when that is over. */
export function halt({ state }: Session, now: number): readonly Event[] {
  switch (state.name) {
    case 'RUNNING':
    case 'RESUMING':
    case 'ROLLBACK':
      return [move(state, incident(RESET, CUSTODY, now), CUSTODY, RESET)];
    case 'PAUSED':
      return [move(state, { ...incident(RESET, CUSTODY, now), since: state.since }, CUSTODY, RESET)];
    default:
      return [];
  }
}

/** What would build on calls that a session does not know of since it was reset. */
export const refuseReset = ({ resetAt }: Session, command: string): Decision | undefined =>
  resetAt === null
    ? undefined
    : refuse('SESSION_RESET', `${command} is not possible: the session was reset in Temporal, seen ${iso(resetAt)}.`);

/**
 * A person brought the session back: it waits for their `resume`, and is checked before work goes on. A rollback
 * goes on where it was; what had ended ends again.
 */
export function recovered(session: Session, fact: FactOf<'recovered'>, now: number): Decision {
  const { state, governance } = session;
  const { actor, reason: why, proven, signedAt } = fact;
  const events: Event[] = [fact];
  if (proven && signedAt !== undefined)
    events.push({ type: 'proven', name: 'recover', by: BEGINNING, key: proven.key, signedAt, isDone: false, at: now });
  if (isEnded(state)) return accept(...events);
  if (governance?.onRestart.compliance) events.push(...callForReview(session, 'restart', now));
  const reason = `recovered: ${why}`;
  if (state.name === 'PAUSED')
    events.push(move(state, { ...incident(reason, actor, now), since: state.since }, actor, reason));
  else if (state.name === 'RUNNING' || state.name === 'RESUMING')
    events.push(move(state, incident(reason, actor, now), actor, reason));
  return accept(...events);
}

/** What begins a run has no command id. */
const BEGINNING = { actor: '', reason: '', commandId: '' };

const incident = (reason: string, by: string, since: number): Paused => ({
  name: 'PAUSED',
  cause: 'incident',
  reason,
  by,
  since,
});
