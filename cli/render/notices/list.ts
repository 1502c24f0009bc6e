import type { NoticeView } from '../../../client/index.ts';
import { table } from '../table.ts';
import { distance } from '../time.ts';

/** `custody notices` in words. */
export function showNotices(notices: readonly NoticeView[]): string {
  if (notices.length === 0) return 'No notices.';
  return table(
    ['NOTICE', 'KIND', 'OF', 'TO', 'STATE', 'WHEN', 'TRIES', 'WHY'],
    notices.map(({ session, record, kind, at, to, state, settledAt, attempts, code, why }) => [
      `${session}/${record}`,
      kind,
      at,
      to,
      state,
      settledAt === null ? '' : distance(settledAt),
      attempts > 0 ? String(attempts) : '',
      [code, why].filter(Boolean).join(': '),
    ]),
  );
}
