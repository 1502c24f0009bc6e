import type { NoticeKind } from '../../protocol/notices/kinds.ts';

/** What of a session is sent to others. */
export interface Notices {
  /** The notices that somebody wants; null where nobody does, and until the profile is loaded. */
  readonly notices: readonly NoticeKind[] | null;
}

export const NO_NOTICES: Notices = { notices: null };
