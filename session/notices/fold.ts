import type { Event } from '../events.ts';
import type { Notices } from './state.ts';

/** The notices of a session after an event. */
export function foldNotices(_: Notices, event: Event): Partial<Notices> | undefined {
  if (event.type !== 'noticesPinned') return undefined;
  return { notices: event.kinds.length > 0 ? event.kinds : null };
}
