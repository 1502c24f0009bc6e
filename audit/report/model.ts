import type { ReportName } from '../../protocol/reports/names.ts';

/** Version of the form of a report. */
export const REPORT_VERSION = 1;

/** Records of one session, by their place among all of them from 0 on: the index of the leaf that seals each. */
export interface Citation {
  readonly session: string;
  /** Ascending. */
  readonly records: readonly number[];
}

/** `usd` is integer micro-USD, `ms` milliseconds, `instant` ISO 8601. */
export type Unit = 'count' | 'usd' | 'ms' | 'instant' | 'text';

/** A figure, and the records that it follows from: from these alone it can be made again. */
export interface Figure {
  readonly value: number | string | null;
  readonly unit: Unit;
  readonly records: readonly Citation[];
}

/** One figure for each column after the first, which is the name. */
export interface Row {
  readonly name: string;
  readonly figures: readonly Figure[];
}

/** A drawing of figures of its section, or of what they are sums of. */
export type Plot =
  | { readonly as: 'bars'; readonly bars: readonly { readonly name: string; readonly value: number }[] }
  /** Amounts in micro-USD, each from its instant on. */
  | { readonly as: 'steps'; readonly steps: readonly { readonly at: string; readonly value: number }[] };

export interface Section {
  readonly id: string;
  readonly title: string;
  /** What its figures count, and what they do not. */
  readonly note: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly plot?: Plot;
  /** Something in it asks for a look. */
  readonly isAlarming?: true;
}

/** What a log said of itself when its records were read: of a C2SP checkpoint. */
export interface Checkpoint {
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  /** Of the Merkle tree, in hex. */
  readonly root: string;
}

/** A session that is reported. */
export interface Source {
  readonly session: string;
  readonly records: number;
  /** Places at which no record was there to be read. */
  readonly withheld: number;
  /** Of its first and last record. */
  readonly from: string | null;
  readonly to: string | null;
  readonly checkpoint: Checkpoint | null;
}

/** A record that figures cite, as a reader looks it up. */
export interface Listed {
  readonly session: string;
  readonly record: number;
  /** The session's own number. */
  readonly n: number | null;
  readonly at: string;
  readonly run: string;
  readonly events: readonly number[];
  readonly layer: string;
  readonly kind: string;
  readonly by: string | null;
  readonly standing: string | null;
  readonly text: string;
}

/** A report. The same records give the same one, byte for byte: it has no date of its own. */
export interface Report {
  readonly v: typeof REPORT_VERSION;
  readonly kind: ReportName;
  readonly sources: readonly Source[];
  readonly sections: readonly Section[];
  /** Records that are cited, up to a limit. */
  readonly listed: readonly Listed[];
  /** How many more are cited. */
  readonly unlisted: number;
}
