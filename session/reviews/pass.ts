import type { ReviewName } from '../../protocol/reviews/reviews.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import type { StateOf } from '../lifecycle/states.ts';
import { askedReview, causesOf } from './asked.ts';
import { beginReview } from './begin.ts';

/** What each session has before it ends. */
const OF_THE_END = ['session', 'execution', 'compliance'] as const satisfies readonly ReviewName[];

/** Must a session be reviewed before it ends? */
export const isToBeReviewed = (session: Session): boolean =>
  session.governance?.reviews !== undefined &&
  (session.governance.session.complianceCheck || causesOf(session).length > 0);

/**
 * The reviews of a session in AUDIT in which nothing is under way any more.
 *
 * @returns what is to be done next, nothing where persons are waited for; undefined where all are done
 */
export function reviewing(session: Session, { then }: StateOf<'AUDIT'>, now: number): readonly Event[] | undefined {
  const { governance, reviewsDone } = session;
  const isWanted = then.name !== 'RUNNING' && governance?.session.complianceCheck === true;
  const left = isWanted ? OF_THE_END.filter((name) => reviewsDone.every(({ review }) => review !== name)) : [];
  const next = left.find((name) => !askedReview(session, name));
  if (next) return beginReview(session, { review: next, causes: [], since: now }, now);
  return left.length > 0 || causesOf(session).length > 0 ? [] : undefined;
}
