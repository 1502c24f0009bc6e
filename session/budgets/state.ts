import type { Draw, PinnedBudget } from '../../protocol/money/budgets.ts';

/** The budgets of several sessions that this one draws on. All amounts are integer micro-USD. */
export interface Budgets {
  /** Pinned when the servers are opened; empty where none applies, and in sessions that began before there were any. */
  readonly budgets: readonly SharedBudget[];
}

/** One of them, as far as the session knows. */
export interface SharedBudget extends PinnedBudget {
  /** Number of the last request to it. */
  readonly n: number;
  /** Up to so much the session may use in all, since it began. */
  readonly granted: number;
  /** Until then; null is for ever. Epoch milliseconds. */
  readonly until: number | null;
  /** Of what was used, what earlier periods pay for. */
  readonly before: number;
  /** Calls that an earlier period pays for: what they do not use is of that period, and lapses. */
  readonly earlier: readonly string[];
  /** What the layers had cost when it was asked. */
  readonly layers: number;
  /** What calls did not use that have ended since it was asked. */
  readonly freed: number;
  /** What it was asked and has not answered. */
  readonly asking: Draw | null;
  /** It had less than was wanted: it is asked again only for what is needed. */
  readonly isDry: boolean;
  /** The session gave back what it did not use, as it is paused. */
  readonly isAsleep: boolean;
  /** Why it does not pay for what is needed. */
  readonly refused: Refused | null;
  /** The session has ended, and said so. */
  readonly isSettled: boolean;
}

export interface Refused {
  /** What the session would have to be able to use in all. */
  readonly target: number;
  readonly missing: number;
  readonly code: 'BUDGET_EXCEEDED' | 'BUDGET_UNAVAILABLE';
  /** Without the code. */
  readonly message: string;
}

export const NO_BUDGETS: Budgets = { budgets: [] };

/** As it is before anything was asked of it. */
export const newBudget = ({ id, slice }: PinnedBudget): SharedBudget => ({
  id,
  slice,
  n: 0,
  granted: 0,
  until: null,
  before: 0,
  earlier: [],
  layers: 0,
  freed: 0,
  asking: null,
  isDry: false,
  isAsleep: false,
  refused: null,
  isSettled: false,
});
