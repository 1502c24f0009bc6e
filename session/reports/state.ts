import type { Tally } from '../../protocol/reports/tally.ts';

/** What reports are made of, beside what the other slices know. */
export interface Reporting {
  readonly tally: Tally;
  /** `none`: the session began before anything was counted, and makes no reports. `made`: those of its end are. */
  readonly reporting: 'none' | 'counting' | 'made';
}

const tally: Tally = { kinds: {}, outcomes: {} };
export const NO_REPORTS: Reporting = { tally, reporting: 'none' };
export const NOTHING_COUNTED: Reporting = { tally, reporting: 'counting' };
