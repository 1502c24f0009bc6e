import { standingOf } from '../../protocol/identity/standing.ts';
import { listed } from '../../protocol/values/text.ts';
import type { CommandOf } from '../commands.ts';
import { accept, type Decision, move, refuse } from '../decision.ts';
import { commanded } from '../lifecycle/commanded.ts';
import { leavePause } from '../lifecycle/leavePause.ts';
import type { Session } from '../session.ts';

/**
 * A person looked at an incident. A session that was paused for incidents goes on once the last is closed, where its
 * profile says so.
 */
export function closeIncident(session: Session, command: CommandOf<'closeIncident'>, now: number): Decision {
  const { incidents, state, governance } = session;
  const { by, incident: id } = command;
  const incident = incidents.find((each) => each.id === id);
  if (!incident) return refuse('INCIDENT_NOT_FOUND', notFound(session, id));
  const { actor: closedBy, reason, proven } = by;
  const closed = { ...incident, closedBy, standing: standingOf(proven), reason, closedAt: now };
  const events = [commanded(command), { type: 'incidentClosed', incident: closed } as const];
  const isLast = incidents.length === 1;
  if (!isLast || state.name !== 'PAUSED' || !waitsForIncidents(session) || !governance?.session.autoResume)
    return accept(...events);
  const why = `incident ${id} was closed: ${reason}`;
  const resuming = { name: 'RESUMING', paused: state, acceptChanges: false } as const;
  return accept(...events, ...leavePause(session, now), move(state, resuming, closedBy, why));
}

const waitsForIncidents = ({ state, incidentPause, clock, resetAt }: Session): boolean =>
  state.name === 'PAUSED' &&
  state.cause === 'incident' &&
  state.since === incidentPause &&
  clock.graceUntil === null &&
  resetAt === null;

function notFound({ incidents, endedIncidents }: Session, id: string): string {
  const ended = endedIncidents.find((each) => each.id === id);
  if (ended) return `The incident '${id}' was closed by ${ended.closedBy}: ${ended.reason}`;
  return `The session has no incident '${id}'; open are ${listed(incidents.map((each) => each.id)) || 'none'}.`;
}
