import type { RawHistory } from '../../audit/read/raw.ts';
import type { RecordReader } from '../../audit/read/reader.ts';
import type { ReadRun } from '../../audit/read/runs.ts';
import type { Log, SignedLog } from '../../audit/seal/log.ts';
import type { Outside } from '../../audit/seal/outside.ts';
import type { NamespaceLeaf } from '../../protocol/evidence/namespaceLog.ts';
import type { Intended, Obeyed } from '../../protocol/evidence/orders.ts';
import type { EvidenceStore } from '../../protocol/evidence/store.ts';

/** Where records of sessions are sealed, and read for that. */
export interface Evidence {
  /**
   * The log of a session; its key is made where there is none.
   * @throws CustodyError EVIDENCE_OFF, EVIDENCE_ERASED, SECRET_MISSING
   */
  log(session: string): Promise<Log>;
  /** The log of this namespace and task queue. @throws CustodyError EVIDENCE_OFF, SECRET_MISSING, NOTE_KEY_INVALID */
  namespaceLog(taskQueue: string): Promise<SignedLog>;
  /** Hands leaves to the workflow that writes the log of this namespace and task queue, which is begun so. */
  list(leaves: readonly NamespaceLeaf[]): Promise<void>;
  /** Who outside vouches for logs; undefined: nobody. @throws CustodyError SECRET_MISSING, CONFIG_INVALID */
  outside(): Promise<Outside | undefined>;
  /**
   * The runs of a session from one on, in order, each as far as it is; from the first where it is undefined.
   * @param known the last event of a run that need not be read again; 0: all are read
   */
  runs(session: string, from: string | undefined, known: (run: string) => number): AsyncIterable<ReadRun>;
  /** What was read of runs that go on, by run id: each of their events is read once. */
  readonly readings: Readings;
  /** Where the log of a session is kept, and its key. @throws CustodyError EVIDENCE_OFF, SECRET_MISSING */
  kept(session: string): Promise<Kept>;
  /** Does Temporal run a session, does it still have it, or neither? */
  standing(session: string): Promise<'open' | 'over' | 'gone'>;
  /** Values, among those, that sessions in Temporal may refer to. @throws CustodyError KEY_MISSING */
  named(
    whose: { readonly of: string } | { readonly but: string },
    among: ReadonlySet<string>,
  ): Promise<ReadonlySet<string>>;
  /** Has Temporal delete all runs of a session, and of what delivered its notices. Answers how many there were. */
  forget(session: string): Promise<number>;
}

/** Where the log of a session is kept, and what becomes of its key; all fails with EVIDENCE_UNAVAILABLE. */
export interface Kept {
  readonly store: EvidenceStore;
  /** Is the key gone, and does a file say that it was erased? */
  isErased(): Promise<boolean>;
  /** The last order that held the session back or released it. @throws CustodyError KEY_INVALID */
  held(): Promise<Obeyed | undefined>;
  hold(order: Obeyed): Promise<void>;
  /** The last order that was about to stand on record. */
  intended(): Promise<Intended | undefined>;
  /** Keeps an order before it stands on record, so that whoever comes next can put it there too. */
  intend(order: Intended): Promise<void>;
  /** Deletes the key; what it was deleted for stands in its place before. */
  erase(order: Obeyed): Promise<void>;
  /** Until when a session is kept that was over then; undefined: nobody says. @param from epoch milliseconds */
  until(from: number): Date | undefined;
}

/** The life of values outside history. */
export interface Values {
  list(): AsyncIterable<{ readonly sha256: string }>;
  /** These values, and all among those that they refer to, over any number of steps. */
  closure(from: Iterable<string>, among: ReadonlySet<string>): Promise<ReadonlySet<string>>;
  /** Deletes a value unless it was put since then; is it gone? @param before epoch milliseconds */
  remove(sha256: string, before: number): Promise<boolean>;
}

/** Some of the runs that were read so far; any may be forgotten. */
export interface Readings {
  get(run: string): Reading | undefined;
  set(run: string, reading: Reading): unknown;
  delete(run: string): unknown;
}

/** A run that was read so far. */
export interface Reading {
  readonly reader: RecordReader;
  /** Of the events that were read; absent where it takes more memory than it should. */
  readonly raw?: RawHistory;
  /** Id of the last event that was read. */
  readonly last: number;
  /** Root hash of the log then, in hex: a log with another one was not sealed as far. */
  readonly root: string;
}
