import type { Approval } from '../../protocol/calls/approvals.ts';
import type { ReviewCause, ReviewName, ReviewSubject } from '../../protocol/reviews/reviews.ts';
import type { Session } from '../session.ts';

/** A review that persons are asked to do. */
export type AskedReview = Approval & { readonly subject: ReviewSubject };

export const isReview = (approval: Approval): approval is AskedReview => approval.subject.kind === 'review';

export const askedReviews = ({ approvals }: Pick<Session, 'approvals'>): readonly AskedReview[] =>
  approvals.filter(isReview);

/** The one of this name that persons are asked to do; there is one at a time. */
export const askedReview = (session: Pick<Session, 'approvals'>, review: ReviewName): AskedReview | undefined =>
  askedReviews(session).find(({ subject }) => subject.review === review);

type Due = Pick<Session, 'approvals' | 'reviewCauses'>;

/** What calls for an extra review that is not done yet. */
export const causesOf = (session: Due): readonly ReviewCause[] => [
  ...(askedReview(session, 'extra')?.subject.causes ?? []),
  ...session.reviewCauses.map(({ cause }) => cause),
];

/** Must an extra review be done before a session works on that was stopped? A long life alone stops nothing. */
export const holdsBack = (session: Due): boolean => causesOf(session).some((cause) => cause !== 'over-24h');
