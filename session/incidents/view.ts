import type { IncidentView } from '../../protocol/incidents/incident.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';

/** The incidents of a session: the open ones, then the last that were closed, oldest first. */
export const incidentsOf = ({ incidents, endedIncidents }: Session): readonly IncidentView[] => [
  ...incidents.map(({ at, ...incident }) => ({ ...incident, openedAt: iso(at), closed: null })),
  ...endedIncidents.map(({ at, closedBy, standing, reason, closedAt, ...incident }) => ({
    ...incident,
    openedAt: iso(at),
    closed: { by: closedBy, standing, reason, at: iso(closedAt) },
  })),
];
