import type { ShownDeliveries } from '../../../protocol/notices/shown.ts';
import { noticeKindOf } from '../../../protocol/notices/kinds.ts';
import { keyOf } from '../../../protocol/notices/notice.ts';
import type { Deliveries } from './state.ts';

/** Of what waits at one destination, so many are shown one by one. */
const SHOWN = 10;

/** What stands in the memo of the workflow, where lists find it without any worker. */
export const shownOf = ({ queues, delivered, failed, counts }: Deliveries): ShownDeliveries => ({
  waiting: Object.entries(queues).flatMap(([to, queue]) =>
    queue
      .slice(0, SHOWN)
      .map(({ notice }) => ({ to, key: keyOf(notice), kind: noticeKindOf(notice) ?? 'notify', at: notice.at })),
  ),
  left: Object.values(queues).reduce((sum, queue) => sum + queue.length, 0),
  delivered,
  failed,
  counts,
});
