import type { ReviewCause } from '../../protocol/reviews/reviews.ts';
import type { DoneReviewView } from '../../protocol/reviews/view.ts';

/** What is reviewed of a session. What persons are asked to review stands with its approvals. */
export interface Reviews {
  /** What calls for an extra review that nobody has begun to look at. */
  readonly reviewCauses: readonly DueCause[];
  /** Those of the end, and the last extra ones, in their order. */
  readonly reviewsDone: readonly DoneReview[];
  /** Reviews with an objection. */
  readonly objections: number;
  /** What a person objected, until the session has stopped for it; null where there is nothing to stop for. */
  readonly objected: string | null;
  /** That the session took a day has called for its review. */
  readonly dayReviewed: boolean;
  /** How many violations there had been when they last called for a review. */
  readonly violationsSeen: number;
  readonly faults: Faults;
  /** Names and persons whose acts are reviewed, and who so cannot review: the first MOST_DRIVERS. */
  readonly drivers: readonly string[];
}

export interface DueCause {
  readonly cause: ReviewCause;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** A review that was done. */
export type DoneReview = Omit<DoneReviewView, 'at'> & {
  /** Epoch milliseconds. */
  readonly at: number;
};

/** What was counted over the whole life, as the ledger of calls gives way. */
export interface Faults {
  /** Calls that rules denied. */
  readonly denied: number;
  /** Times that the agent was stopped at a limit, or as it repeated itself. */
  readonly stopped: number;
  /** Calls that cost more than they could. */
  readonly overrun: number;
  /** Calls that failed and may have been sent. */
  readonly failed: number;
  /** Calls in doubt that a person resolved as failed. */
  readonly resolvedAsFailed: number;
  /** Calls that rollbacks could not undo. */
  readonly notUndone: number;
}

/** Extra reviews that are kept, and names of drivers. */
export const MOST_EXTRA = 10;
export const MOST_DRIVERS = 64;

export const NO_REVIEWS: Reviews = {
  reviewCauses: [],
  reviewsDone: [],
  objections: 0,
  objected: null,
  dayReviewed: false,
  violationsSeen: 0,
  faults: { denied: 0, stopped: 0, overrun: 0, failed: 0, resolvedAsFailed: 0, notUndone: 0 },
  drivers: [],
};

/** What an agent did that it was not to do. */
export const violationsOf = ({ denied, stopped, overrun }: Faults): number => denied + stopped + overrun;
