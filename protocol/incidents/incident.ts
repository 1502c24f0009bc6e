import type { Standing } from '../identity/standing.ts';

/** What makes an incident. */
export const INCIDENT_CAUSES = [
  'tool-changed',
  'unknown-tool',
  'secret-found',
  'personal-data-found',
  'denials',
  'runaway',
  'overrun',
  'reset',
] as const;
export type IncidentCause = (typeof INCIDENT_CAUSES)[number];

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that a person has to look at. One of a cause and subject at a time: what comes again counts in it. */
export interface Incident {
  /** In its session: `i1`, `i2`, … */
  readonly id: string;
  readonly what: IncidentCause;
  /** What it is about, such as `files.write_file`; null where that is the session itself. */
  readonly subject: string | null;
  readonly severity: Severity;
  /** The call in which it was seen first. */
  readonly callId: string | null;
  /** What happened, in words. */
  readonly text: string;
  /** What was done about it, in words. */
  readonly done: string;
  /** How often it was seen. */
  readonly times: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** An incident that a person closed. */
export interface ClosedIncident extends Incident {
  readonly closedBy: string;
  readonly standing: Standing;
  readonly reason: string;
  readonly closedAt: number;
}

/** An incident as `describe` and `custody incidents` give it. Instants are ISO 8601. */
export interface IncidentView extends Omit<Incident, 'at'> {
  readonly openedAt: string;
  /** Null while it is open. */
  readonly closed: {
    readonly by: string;
    readonly standing: Standing;
    readonly reason: string;
    readonly at: string;
  } | null;
}
