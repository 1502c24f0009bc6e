import type { Tally } from '../../protocol/reports/tally.ts';

/** What reports are made of, beside what the other slices know. */
export interface Reporting {
  /** Null in a session that began before anything was counted: it makes no reports. */
  readonly tally: Tally | null;
  /** The reports of its end are made. */
  readonly isReported: boolean;
}

export const NO_REPORTS: Reporting = { tally: null, isReported: false };
export const NOTHING_COUNTED: Reporting = { ...NO_REPORTS, tally: { kinds: {}, outcomes: {} } };
