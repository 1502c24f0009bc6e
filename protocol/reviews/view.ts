import type { Approval } from '../calls/approvals.ts';
import type { Standing } from '../identity/standing.ts';
import type { ReviewCause, ReviewFinding, ReviewName } from './reviews.ts';

/** The reviews of a session. Instants are ISO 8601. */
export interface ReviewsView {
  /** What persons are asked to review, oldest first. */
  readonly open: readonly ReviewView[];
  /** What calls for an extra review that has not begun: rules wait until no call is under way or in doubt. */
  readonly due: readonly { readonly cause: ReviewCause; readonly since: string }[];
  /** Those of the end, and the last extra ones, oldest first. */
  readonly done: readonly DoneReviewView[];
  /** Reviews with an objection. */
  readonly objections: number;
}

/** A review that persons are asked to do. */
export interface ReviewView extends Pick<Approval, 'id' | 'digest' | 'why' | 'persons' | 'requester'> {
  readonly review: ReviewName;
  /** Of an extra one. */
  readonly causes: readonly ReviewCause[];
  readonly since: string;
  /** What rules found when it was asked. */
  readonly findings: readonly ReviewFinding[];
  /** Of the requester. */
  readonly standing: Standing;
  readonly openedAt: string;
  readonly dueAt: string;
  readonly isOverdue: boolean;
  readonly votes: readonly {
    readonly actor: string;
    /** Who is behind the actor; the actor where that is only claimed. */
    readonly person: string;
    readonly standing: Standing;
    readonly finding: string;
    readonly at: string;
  }[];
}

export interface DoneReviewView {
  readonly review: ReviewName;
  readonly causes: readonly ReviewCause[];
  /** Of one that persons did: its id. */
  readonly approval: string | null;
  readonly by: string;
  readonly verdict: 'passed' | 'findings' | 'objection';
  /** Of rules. */
  readonly findings: readonly ReviewFinding[];
  /** Of persons. */
  readonly said: readonly { readonly actor: string; readonly text: string }[];
  readonly at: string;
}
