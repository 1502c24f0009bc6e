import type { Approval } from '../../protocol/calls/approvals.ts';
import type { ReviewCause, ReviewMode } from '../../protocol/reviews/reviews.ts';
import type { DoneReview } from './state.ts';

/** What can happen to the reviews of a session; what persons are asked and say are events of approvals. */
export type ReviewEvent =
  /** Something calls for an extra review. */
  | { readonly type: 'reviewDue'; readonly cause: ReviewCause; readonly how: ReviewMode; readonly at: number }
  /** Rules did a review. `rules`: the names of all that looked. */
  | { readonly type: 'reviewedByRules'; readonly done: DoneReview; readonly rules: readonly string[] }
  /** Persons are late with it. */
  | { readonly type: 'reviewOverdue'; readonly approval: Approval };
