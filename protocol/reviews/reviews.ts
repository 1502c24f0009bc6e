/** What is looked at before a session ends; `extra` where something called for it. */
export const REVIEWS = ['session', 'execution', 'compliance', 'extra'] as const;
export type ReviewName = (typeof REVIEWS)[number];

/**
 * Who does a review. `rules`: named rules look, and what they find stands on record. `findings`: they look, and a
 * person where they find something. `person`: a person in any case.
 */
export const REVIEW_MODES = ['rules', 'findings', 'person'] as const;
export type ReviewMode = (typeof REVIEW_MODES)[number];

/** What calls for an extra review. */
export type ReviewCause = 'restart' | 'rollback' | 'over-24h' | 'violations';

/** What a person says. An objection stops a session that would go on, and stands beside the end of one that ends. */
export const VERDICTS = ['passed', 'objection'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a rule found. */
export interface ReviewFinding {
  readonly rule: string;
  readonly text: string;
}

/** What persons are asked to review. */
export interface ReviewSubject {
  readonly kind: 'review';
  readonly review: ReviewName;
  /** Of an extra one. */
  readonly causes: readonly ReviewCause[];
  /** Since when it is due, epoch milliseconds. */
  readonly since: number;
  /** What rules found when it was asked. */
  readonly findings: readonly ReviewFinding[];
}
