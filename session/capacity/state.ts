import { type Counts, NO_COUNTS } from './counts.ts';

/** What a session has used of what it may. */
export interface Capacity {
  readonly counts: Counts;
  /**
   * Bytes that a next run would carry whatever is left behind, as last weighed and with all that came in since: never
   * less (weight.ts).
   */
  readonly weight: number;
}

export const NOTHING_USED: Capacity = { counts: NO_COUNTS, weight: 0 };
