import type { Finding } from '../../protocol/incidents/scan.ts';
import type { ClosedIncident, Incident, IncidentCause } from '../../protocol/incidents/incident.ts';

/** What went wrong in a session, for persons to look at. */
export interface Incidents {
  /** The open ones, oldest first. */
  readonly incidents: readonly Incident[];
  /** The last that were closed. */
  readonly endedIncidents: readonly ClosedIncident[];
  /** How many there were so far: the next has the next number. */
  readonly incidentsOpened: number;
  /** Seen, and not yet counted. */
  readonly sightings: readonly Sighting[];
  /**
   * Since when the session is paused because of incidents, epoch milliseconds; `wanted` until it is, and null where it
   * is not.
   */
  readonly incidentPause: number | 'wanted' | null;
  /** What servers list, by their names; empty in sessions that opened before there were incidents. */
  readonly listings: { readonly [server: string]: Listing };
}

/** Digests of lists of tools: as the session pinned it, and another that it heard of last. */
export interface Listing {
  readonly pinned: string;
  readonly seen: string | null;
}

/** Something that makes an incident, or counts in one that is open. */
export interface Sighting {
  readonly what: IncidentCause;
  readonly subject: string | null;
  readonly callId: string | null;
  /** Of a secret or personal data: what became of it. */
  readonly done?: Finding['done'];
  /** What is known beside cause and subject. */
  readonly detail?: string;
}

export const NO_INCIDENTS: Incidents = {
  incidents: [],
  endedIncidents: [],
  incidentsOpened: 0,
  sightings: [],
  incidentPause: null,
  listings: {},
};
