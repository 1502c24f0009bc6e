import type { Event } from '../events.ts';
import type { FactOf } from '../facts.ts';
import type { Session } from '../session.ts';

/** Pins which notices somebody wants, where that is not what is pinned. */
export function pinNotices(
  { notices: before }: Session,
  { notices: kinds = [] }: FactOf<'opened' | 'openFailed'>,
): readonly Event[] {
  return kinds.join() === (before ?? []).join() ? [] : [{ type: 'noticesPinned', kinds }];
}
