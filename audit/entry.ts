import type { Proven, Standing } from '../protocol/identity/standing.ts';
import type { Layer, RecordBody } from '../protocol/records.ts';
import type { Json } from '../protocol/values/json.ts';
import { READ } from './prose/read.ts';
import { proseOf } from './prose/records.ts';
import type { EvidenceRecord } from './read/record.ts';

/** One thing that happened to a session, read from its workflow history and from nothing else, in words. */
export interface Entry {
  /** ISO 8601, of the history event. */
  readonly at: string;
  readonly layer: Layer;
  /** `started`, `transition`, `attempt`, `outcome`, `command`, `refused`, `ended`, … */
  readonly kind: string;
  readonly text: string;
  /** Who, where somebody is behind it. */
  readonly by: string | null;
  /** Did that one prove who it is? Null where nobody outside is behind it. */
  readonly standing: Standing | null;
  /** By which key, and which list of principals; null for one that is only claimed. */
  readonly proof: Proven | null;
  readonly callId: string | null;
  /** Number in the audit trail, where the entry has one of its own. */
  readonly record: number | null;
  readonly runId: string;
  readonly eventId: number;
  /** All of it, where the text shows a part: the arguments of an attempt, and its outcome with the result. */
  readonly data?: Json;
}

/** A record in words. Made where it is shown, and never stored. */
export const textOf = (record: EvidenceRecord): string =>
  record.kind in READ
    ? (READ[record.kind as keyof typeof READ] as (data: unknown) => string)(record.data)
    : proseOf(record as unknown as RecordBody);

/** A record as it is shown to those who watch; undefined for what its other records tell. */
export function entryOf(record: EvidenceRecord): Entry | undefined {
  const { at, layer, kind, by, standing, proof, n, run, events, call } = record;
  if (kind === 'pinned' || kind === 'opened' || (kind === 'command' && record.data.name === 'call')) return undefined;
  const ofCall = kind === 'attempt' || kind === 'outcome' || kind === 'recall';
  return {
    at,
    layer,
    kind,
    text: textOf(record),
    by,
    standing,
    proof,
    callId: ofCall ? call : null,
    record: n,
    runId: run,
    eventId: events.at(-1) ?? 0,
    ...dataOf(record),
  };
}

function dataOf(record: EvidenceRecord): { readonly data?: Json } {
  if (record.kind === 'attempt') {
    const { args, argsRef } = record.data;
    return { data: argsRef ? { argsRef: { ...argsRef } } : { args } };
  }
  const outcome = record.kind === 'outcome' ? record.data.outcome : null;
  return outcome ? { data: outcome as unknown as Json } : {};
}
