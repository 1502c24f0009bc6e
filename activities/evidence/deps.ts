import type { RecordReader } from '../../audit/read/reader.ts';
import type { ReadRun } from '../../audit/read/runs.ts';
import type { Log, SignedLog } from '../../audit/seal/log.ts';
import type { Outside } from '../../audit/seal/outside.ts';
import type { NamespaceLeaf } from '../../protocol/evidence/namespaceLog.ts';

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
  /** Id of the last event that was read. */
  readonly last: number;
  /** Root hash of the log then, in hex: a log with another one was not sealed as far. */
  readonly root: string;
}
