import { CUSTODY } from '../../protocol/by.ts';
import { hasRunning } from '../calls/state.ts';
import type { Event } from '../events.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';
import { type AskedReview, askedReview, askedReviews } from './asked.ts';
import { beginReview } from './begin.ts';
import { due } from './causes.ts';
import { dayAt } from './instants.ts';
import { violationsOf } from './state.ts';

/** What calls for an extra review by itself, extra reviews that can begin, and those that are late. */
export function watchReviews(session: Session, now: number): readonly Event[] {
  if (!session.governance?.reviews || isEnded(session.state)) return [];
  if (dayAt(session) <= now) return due(session, 'over-24h', now);
  return [...violations(session, now), ...extra(session, now), ...askedReviews(session).flatMap(late(session, now))];
}

/** The first violation calls for a review at once; those after it do once more, before the session ends. */
function violations(session: Session, now: number): readonly Event[] {
  const { state, faults, violationsSeen } = session;
  const ends = state.name === 'AUDIT' && state.then.name !== 'RUNNING';
  const isNew = violationsOf(faults) > violationsSeen && (violationsSeen === 0 || ends);
  return isNew ? due(session, 'violations', now) : [];
}

/** There is one extra review at a time: where there is more to look at, persons are asked anew. */
function extra(session: Session, now: number): readonly Event[] {
  const { reviewCauses, governance } = session;
  const [first] = reviewCauses;
  if (!first) return [];
  const asked = askedReview(session, 'extra');
  if (asked) return [replaced(asked, reviewCauses.map(({ cause }) => cause).join(', '), now)];
  if (governance?.reviews.extra !== 'person' && !isQuiet(session)) return [];
  const causes = reviewCauses.map(({ cause }) => cause);
  return beginReview(session, { review: 'extra', causes, since: first.since }, now);
}

/** Can rules say all that they will say of what happened? A call in doubt is nothing that they let pass. */
function isQuiet(session: Session): boolean {
  const { open, governance } = session;
  if (hasRunning(session)) return false;
  const waits = governance?.reviews.extra === 'rules' && governance.session.complianceCheck;
  return !waits || open.every(({ phase }) => phase !== 'in_doubt');
}

const replaced = (approval: AskedReview, what: string, at: number): Event => ({
  type: 'approvalEnded',
  approval,
  as: 'void',
  by: CUSTODY,
  reason: `there is more to review (${what})`,
  at,
});

const late =
  (session: Session, now: number) =>
  (approval: AskedReview): readonly Event[] => {
    const { id, expiresAt, isOverdue, subject } = approval;
    if (isOverdue || expiresAt > now) return [];
    const text = `the ${subject.review} review ${id} of ${session.id} was due ${iso(expiresAt)}, and is not done`;
    return [
      { type: 'reviewOverdue', approval },
      { type: 'noted', kind: 'notify', text },
    ];
  };
