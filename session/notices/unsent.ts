import { noticeKindOf } from '../../protocol/notices/kinds.ts';
import type { Notice } from '../../protocol/notices/notice.ts';
import type { AuditRecord } from '../../protocol/records.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import type { Session } from '../session.ts';

/** Bytes of notices that wait for somebody who delivers them. What comes then stands on record, and is not sent. */
const MOST_BYTES = 256 * 1024;

/** What is to be passed on once a record is noted, too. */
export function withNotice(
  unsent: readonly Notice[],
  { notices, resetAt }: Session,
  record: AuditRecord,
): readonly Notice[] {
  const kind = notices && noticeKindOf(record);
  if (!kind || !notices.includes(kind) || byteLength(JSON.stringify(unsent)) > MOST_BYTES) return unsent;
  return [...unsent, resetAt === null ? record : { ...record, resetAt }];
}
