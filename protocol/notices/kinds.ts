import type { RecordBody, RecordKind } from '../records.ts';

/** Records that are sent to those who shall know of them at once. A kind that is added here is a notice. */
const RECORDS = ['notify', 'approval-asked', 'review-asked'] as const satisfies readonly RecordKind[];

/** What a destination can ask for: those records, and the end of a session. */
export const NOTICE_KINDS = [...RECORDS, 'ended'] as const;

export type NoticeKind = (typeof NOTICE_KINDS)[number];

const ENDS: ReadonlySet<string> = new Set(['COMPLETED', 'FAILED', 'TIMEOUT']);

/** Which notice a record is; undefined where it is none. */
export const noticeKindOf = ({ kind, data }: RecordBody): NoticeKind | undefined =>
  kind === 'transition' ? (ENDS.has(data.to) ? 'ended' : undefined) : RECORDS.find((each) => each === kind);
