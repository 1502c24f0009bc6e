import type { NoticeKind } from '../../protocol/notices/kinds.ts';

/** What can happen to the notices of a session. */
export type NoticeEvent = {
  /** These are wanted, by the operator's file as it is; none is none any more. */
  readonly type: 'noticesPinned';
  readonly kinds: readonly NoticeKind[];
};
