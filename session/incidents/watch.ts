import type { Incident } from '../../protocol/incidents/incident.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { pauseItself } from '../decision.ts';
import type { Event } from '../events.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Session } from '../session.ts';
import { CAUSES, incidentOf } from './causes.ts';
import type { Sighting } from './state.ts';

/** Opens an incident for what was seen, or counts it in one that is open; then pauses, where the profile says so. */
export function watchIncidents(session: Session, now: number): readonly Event[] {
  const [first] = session.sightings;
  if (first) return counted(session, first, now);
  const { state, incidents, incidentPause } = session;
  if (incidentPause !== 'wanted' || state.name !== 'RUNNING') return [];
  const last = incidents.at(-1);
  return [pauseItself(state, 'incident', last ? `incident ${last.id}: ${last.text}` : 'an incident', now)];
}

/** The next one; those after it come in the same turn. */
function counted(session: Session, sighting: Sighting, now: number): readonly Event[] {
  const { governance, incidents, incidentsOpened, state } = session;
  const known = incidents.find((each) => isSame(each, sighting)) ?? crowded(incidents, sighting);
  if (known) return [{ type: 'incidentRepeated', id: known.id }];
  const incident = incidentOf(sighting, incidentsOpened + 1, now);
  const { audit = true, notify = false, pause = false } = governance?.onIncident ?? {};
  const pauses = (pause || CAUSES[sighting.what].pauses === true) && !isEnded(state);
  const { id, severity, text } = incident;
  return [
    { type: 'incidentOpened', incident, isNoted: audit, pauses: pause ? pauses : pauses && state.name === 'PAUSED' },
    ...(notify ? [{ type: 'noted', kind: 'notify', text: `incident ${id} (${severity}): ${text}` } as const] : []),
  ];
}

const isSame = ({ what, subject }: Incident, sighting: Sighting): boolean =>
  what === sighting.what && subject === sighting.subject;

/** Where very many are open, those of one cause are counted together. */
const crowded = (incidents: readonly Incident[], { what }: Sighting): Incident | undefined =>
  incidents.length < LIMITS.openIncidents ? undefined : incidents.find((each) => each.what === what);
