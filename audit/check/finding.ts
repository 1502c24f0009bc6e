import type { JsonObject } from '../../protocol/values/json.ts';
import type { HistoryEvent } from '../history.ts';
import { type Code, CODES, type Severity } from './codes.ts';

/** Something that a check found, as data: words are made where it is shown. */
export interface Finding {
  readonly code: Code;
  readonly severity: Severity;
  readonly data: JsonObject;
  /** Run id; empty where it is of the session as a whole. */
  readonly run: string;
  /** Ids of events of that run. */
  readonly events: readonly number[];
  /** Numbers of the session's own records. */
  readonly records: readonly number[];
}

/** One run of a session, as it was given. */
export interface GivenRun {
  readonly runId: string;
  readonly events: readonly HistoryEvent[];
}

/** What one check counted, and what it found. */
export interface Checked {
  readonly name: CheckName;
  readonly counted: { readonly [what: string]: number };
  readonly findings: readonly Finding[];
}

/** In the order in which they are shown. */
export const CHECK_NAMES = [
  'events',
  'runs',
  'numbers',
  'transitions',
  'calls',
  'money',
  'proofs',
  'decisions',
  'replay',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

interface Place {
  readonly run?: string;
  readonly events?: readonly number[];
  readonly records?: readonly number[];
}

export const finding = (
  code: Code,
  data: JsonObject,
  { run = '', events = [], records = [] }: Place = {},
): Finding => ({
  code,
  severity: CODES[code],
  data,
  run,
  events,
  records,
});

/** The id of an event as a number; 0 where it has none. */
export const idOf = ({ eventId }: HistoryEvent): number => Number(eventId ?? 0);
