import type { AttemptOutcome, Intent } from '../../protocol/calls/call.ts';
import type { Obeyed } from '../../protocol/evidence/orders.ts';
import type { Proven, Standing } from '../../protocol/identity/standing.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Layer, RecordKind, RecordKinds } from '../../protocol/records.ts';
import type { Json } from '../../protocol/values/json.ts';
import type { Asker } from '../../protocol/values/unproven.ts';

/** Version of the form of a record. */
export const RECORD_VERSION = 1;

/** What history says of a session that it did not write down as a record itself. */
export interface ReadKinds {
  /** A chain of runs began; `invalid`: with an input that is no session. */
  readonly started: { readonly as: 'session' | 'fork' | 'recovery' | 'invalid'; readonly input: Json };
  /** The next run of a chain; `input` stands in the history of its run. */
  readonly continued: { readonly runs: number };
  /** A run ended, otherwise than by making place for the next. */
  readonly ended: {
    readonly as: 'completed' | 'failed' | 'terminated' | 'timed-out' | 'canceled';
    readonly code: string | null;
    readonly message: string | null;
  };
  /** What somebody outside said to the session, in full. */
  readonly command: { readonly name: string; readonly via: 'signal' | 'update' | 'temporal'; readonly input: Json };
  /** An attempt of a call, as it was handed to a worker before anything was sent. */
  readonly attempt: Intent & { readonly 'custody/asker'?: Asker };
  /** What became of it. */
  readonly outcome: {
    /** Of the server and the tool. */
    readonly name: string;
    readonly attempt: number;
    readonly outcome: AttemptOutcome | null;
    /** Where no worker said: how Temporal knows that it is over. */
    readonly lost: { readonly as: 'failed' | 'timed-out' | 'canceled'; readonly message: string | null } | null;
    /** The last mark that an attempt left that fell silent. */
    readonly mark: Json | null;
    /** Name of the process that took it. */
    readonly worker: string | null;
  };
  /** What the worker of an attempt that fell silent answered when it was asked. */
  readonly recall: {
    readonly attempt: number;
    readonly isAnswered: boolean;
    readonly outcome: AttemptOutcome | null;
  };
  /** A signature, and what a worker found. */
  readonly proof: { readonly check: Json; readonly said: Json };
  /** What the session is governed by, as a worker resolved it. */
  readonly pinned: { readonly profile: string; readonly loaded: Json };
  /** A server was opened, with all that it offers. */
  readonly opened: { readonly server: string; readonly opened: Json };
  /** Of a command that was sent as an update, with what it said. */
  readonly refused: RecordKinds['refused'] & { readonly input?: Json };
  /**
   * What was done to the evidence itself, written by whoever seals and in no history of the session: `run` and `events`
   * are those of the last record of the session before it.
   */
  readonly evidence: Obeyed;
}

export type AuditKinds = Omit<RecordKinds, 'refused'> & ReadKinds;
export type AuditKind = RecordKind | keyof ReadKinds;

/** What is said beside a kind and its data. */
export interface RecordContext {
  readonly layer: Layer;
  /** Who, where somebody is behind it. */
  readonly by: string | null;
  readonly proof: Proven | null;
  readonly call: string | null;
  /** The session's own number, where it has one. */
  readonly n: number | null;
}

/** What a record says, whatever history it stands in. */
export type RecordSays = {
  readonly [K in AuditKind]: RecordContext & { readonly kind: K; readonly data: AuditKinds[K] };
}[AuditKind];

/** Where a record stands, and when. */
export interface RecordPlace {
  readonly v: typeof RECORD_VERSION;
  /** Workflow id. */
  readonly session: string;
  /** Run id. */
  readonly run: string;
  /** Ids of the history events that it rests on, ascending. It stands where the last one does. */
  readonly events: readonly number[];
  /** Of that event: ISO 8601, UTC, milliseconds. */
  readonly at: string;
  /** Did whoever is behind it prove who it is? Null where nobody outside is. */
  readonly standing: Standing | null;
}

/**
 * One thing that happened to a session, read from its workflow history and from nothing else. The same history gives
 * the same records, byte for byte in their RFC 8785 form.
 */
export type EvidenceRecord = RecordSays & RecordPlace;

/** Values outside history that a record refers to, by their SHA-256: in full, or why they cannot be shown. */
export interface RecordValues {
  readonly [sha256: string]: { readonly value: Json } | { readonly code: ErrorCode; readonly message: string };
}

/** A record as it is printed. Without `values` it is the record as it is sealed. */
export type PrintedRecord = EvidenceRecord & { readonly values?: RecordValues };
