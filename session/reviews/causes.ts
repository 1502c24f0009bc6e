import type { ReviewCause } from '../../protocol/reviews/reviews.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { causesOf } from './asked.ts';

/**
 * Something happened that must be looked at before the session goes on or ends: an extra review is due, once for each
 * cause. A session that opened before there were reviews has a duty.
 */
export function callForReview(session: Session, cause: 'restart' | 'rollback', now: number): readonly Event[] {
  if (session.governance?.reviews) return due(session, cause, now);
  const isOpen = session.duties.some(({ kind }) => kind === cause);
  return isOpen ? [] : [{ type: 'dutyOpened', duty: { kind: cause, since: now } }];
}

export function due(session: Session, cause: ReviewCause, now: number): readonly Event[] {
  const how = session.governance?.reviews?.extra;
  return how === undefined || causesOf(session).includes(cause) ? [] : [{ type: 'reviewDue', cause, how, at: now }];
}
