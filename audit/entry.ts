import type { Proven, Standing } from '../protocol/identity/standing.ts';
import type { Layer } from '../protocol/records.ts';
import type { Json } from '../protocol/values/json.ts';
import { isRef } from '../protocol/values/payload.ts';

/** One thing that happened to a session, read from its workflow history and from nothing else. */
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

/** What an event says; where and when it stands follows from the event itself. */
export type Body = Pick<Entry, 'layer' | 'kind' | 'text'> &
  Partial<Pick<Entry, 'by' | 'proof' | 'callId' | 'record' | 'data'>>;

/** A value outside history, by size and hash. */
export const sizeOf = (ref: unknown): string =>
  isRef(ref) ? `${ref.bytes} bytes, SHA-256 ${ref.sha256.slice(0, 16)}…` : 'outside history';

/** One line of at most so many characters. */
export const shorten = (text: string, length: number): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length > length ? `${line.slice(0, length)}…` : line;
};
