import { standingOf } from '../../protocol/identity/standing.ts';
import type { ReviewsView, ReviewView } from '../../protocol/reviews/view.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';
import { type AskedReview, askedReviews } from './asked.ts';

/** The reviews of a session at an instant; null where it opened before there were any. */
export function reviewsOf(session: Session, now: number): ReviewsView | null {
  const { governance, reviewCauses, reviewsDone, objections } = session;
  if (!governance?.reviews) return null;
  return {
    open: askedReviews(session).map((each) => reviewOf(each, now)),
    due: reviewCauses.map(({ cause, since }) => ({ cause, since: iso(since) })),
    done: reviewsDone.map(({ at, ...done }) => ({ ...done, at: iso(at) })),
    objections,
  };
}

function reviewOf({ id, digest, subject, ...asked }: AskedReview, now: number): ReviewView {
  const { review, causes, since, findings } = subject;
  const { why, persons, requester, proven, openedAt, expiresAt, votes } = asked;
  return {
    id,
    digest,
    review,
    causes,
    since: iso(since),
    findings,
    why,
    persons,
    requester,
    standing: standingOf(proven),
    openedAt: iso(openedAt),
    dueAt: iso(expiresAt),
    isOverdue: expiresAt <= now,
    votes: votes.map(({ actor, person, proven: isProven, reason: finding, at }) => {
      const standing = isProven ? ('proven' as const) : ('claimed' as const);
      return { actor, person, standing, finding, at: iso(at) };
    }),
  };
}
