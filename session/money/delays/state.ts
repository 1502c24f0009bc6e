import type { DelayCause } from '../../../protocol/money/delays.ts';

/** What delays cost. Amounts are integer micro-USD. */
export interface Delays {
  /** For an hour in which persons are waited for, pinned with the account. */
  readonly personRate: number;
  /** Per cent that each delay is said to add, pinned as well. */
  readonly model: { readonly [cause in DelayCause]: number };
  readonly sums: { readonly [cause in DelayCause]: Delay };
  /** The delay under way, or the check that it called for: since when, and what the layers had cost by then. */
  readonly under: {
    readonly cause: DelayCause;
    /** The session works on, and only its compliance layer counts. */
    readonly isCheck: boolean;
    readonly since: number;
    readonly accrued: number;
  } | null;
}

/** Of one cause. */
export interface Delay {
  readonly times: number;
  /** Waited, milliseconds. */
  readonly ms: number;
  /** By the layers meanwhile. */
  readonly waiting: number;
  /** By the compliance layer, while a check that it called for was due. */
  readonly checks: number;
  /** Calls repeated and undone, and those that undid them. */
  readonly calls: number;
}

const NONE: Delay = { times: 0, ms: 0, waiting: 0, checks: 0, calls: 0 };
export const NO_DELAYS: Delays['sums'] = { timeout: NONE, restart: NONE, rollback: NONE };
