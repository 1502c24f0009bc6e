import type { ErrorCode } from '../../../protocol/errors.ts';
import type { NoticeKind } from '../../../protocol/notices/kinds.ts';
import type { About, Notice } from '../../../protocol/notices/notice.ts';

/** A notice that waits for its turn at one destination. */
export interface Waiting {
  readonly notice: Notice;
  /** Epoch milliseconds; it is tried once more, even if it comes to be the next after that. */
  readonly until: number;
}

/** One notice at one destination. */
export interface Settled {
  readonly to: string;
  /** See `keyOf`. */
  readonly key: string;
  readonly kind: NoticeKind;
  /** Of the record, and of what came of it; epoch milliseconds. */
  readonly at: number;
  readonly settledAt: number;
}

export interface DeadLetter extends Settled {
  readonly code: ErrorCode;
  readonly why: string;
}

/** The notices of a session on their way: a queue for each destination, and what came of the last ones. JSON only. */
export interface Deliveries {
  /** Null before the first word of the session. */
  readonly about: About | null;
  readonly queues: { readonly [destination: string]: readonly Waiting[] };
  /** Keys of the last notices that came: a word of the session may come twice. */
  readonly seen: readonly string[];
  /** The last of each, the newest last, and how many there were. */
  readonly delivered: readonly Settled[];
  readonly failed: readonly DeadLetter[];
  readonly counts: { readonly delivered: number; readonly failed: number };
}

export const NOTHING_SENT: Deliveries = {
  about: null,
  queues: {},
  seen: [],
  delivered: [],
  failed: [],
  counts: { delivered: 0, failed: 0 },
};
