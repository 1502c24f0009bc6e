import type { PinnedBook } from '../../protocol/money/prices.ts';
import type { Layer } from '../../protocol/records.ts';
import type { Delays } from './delays/state.ts';

/** What a session costs. All amounts are integer micro-USD. */
export interface Money {
  /** Null until the servers are open, and in sessions that began before there were prices. */
  readonly account: Account | null;
}

/**
 * What is counted; what is spent, reserved and free follows from it (see `balanceOf`), so that no two of them can
 * disagree. What calls under way have reserved stands with these calls.
 */
export interface Account {
  /** Pinned with the servers. */
  readonly book: PinnedBook;
  /** For an hour of each layer, pinned as well. */
  readonly rates: { readonly [layer in Layer]: number };
  /** `cost.budgetLimit`, or what a parent had left; null is none. */
  readonly limit: number | null;
  /** What people added to the limit. */
  readonly toppedUp: number;
  /** Of attempts that have ended. */
  readonly calls: number;
  /** The same by `server.tool`, or by `server.method`: the first MOST_NAMES, and the rest together. */
  readonly byName: { readonly [name: string]: Paid };
  /** What agents recorded. */
  readonly recorded: number;
  /** What calls cost beyond their reservations, of `calls`. */
  readonly excess: number;
  /** Kept for undoing what was done. */
  readonly undoing: number;
  /** Milliseconds that each layer was at work, until `since`. */
  readonly worked: { readonly [layer in Layer]: number };
  readonly since: number;
  /** The layers that are at work since then. */
  readonly at: readonly Layer[];
  /** The highest share of the limit, in per cent, of which an alert was given. */
  readonly alerted: number;
  /** How often the calls at once were halved. */
  readonly halved: number;
  /** The call that waits for money. */
  readonly short: Short | null;
  /** Absent in accounts that began before they were counted. */
  readonly delays?: Delays;
}

/** What attempts of one tool came to. */
export interface Paid {
  readonly times: number;
  readonly microUsd: number;
}

/** Names that an account keeps apart; others are `OTHERS`. */
export const MOST_NAMES = 200;
export const OTHERS = 'others';

/** What cannot be afforded. */
export interface Short {
  /** Null where the budget is spent. */
  readonly callId: string | null;
  readonly missing: number;
}

/** What an attempt may cost at most: itself, and the call that would undo it. */
export interface Reservation {
  readonly call: number;
  readonly undo: number;
}

export const NO_MONEY: Money = { account: null };

/** Of an account that begins. */
export const NOTHING_SPENT = {
  toppedUp: 0,
  calls: 0,
  byName: {},
  recorded: 0,
  excess: 0,
  undoing: 0,
  worked: { session: 0, execution: 0, compliance: 0 },
  alerted: 0,
  halved: 0,
  short: null,
} as const satisfies Partial<Account>;
