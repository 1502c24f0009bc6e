import { noticeKindOf } from '../../../protocol/notices/kinds.ts';
import { keyOf, type Notice, type PassedOn } from '../../../protocol/notices/notice.ts';
import { byteLength } from '../../../protocol/values/digest.ts';
import { dead } from './settle.ts';
import type { Deliveries, Waiting } from './state.ts';

const SEEN_KEPT = 500;
/** Bytes of the notices that wait for one destination: the next run of the workflow has them all in its input. */
const QUEUE_BYTES = 128 * 1024;

/** Takes in a word of the session: each notice joins the queue of each destination that wants its kind, once. */
export function take(before: Deliveries, { about, notices, to }: PassedOn, now: number): Deliveries {
  let next: Deliveries = { ...before, about };
  for (const notice of notices) {
    const kind = noticeKindOf(notice);
    const key = keyOf(notice);
    if (!kind || next.seen.includes(key)) continue;
    next = { ...next, seen: [...next.seen, key].slice(-SEEN_KEPT) };
    for (const [name, { kinds, retryFor }] of Object.entries(to))
      if (kinds.includes(kind)) next = join(next, name, { notice, until: now + retryFor }, now);
  }
  return next;
}

/** The head of a queue may be under way, so that what gives way for others is the oldest after it. */
function join(before: Deliveries, name: string, waiting: Waiting, now: number): Deliveries {
  const queue = [...(Object.hasOwn(before.queues, name) ? (before.queues[name] ?? []) : []), waiting];
  const dropped: Notice[] = [];
  while (queue.length > 1 && byteLength(JSON.stringify(queue)) > QUEUE_BYTES)
    dropped.push(...queue.splice(1, 1).map(({ notice }) => notice));
  return dropped.reduce(
    (next, notice) => dead(next, name, notice, 'NOTICE_NOT_DELIVERED', 'too many notices waited before it', now),
    { ...before, queues: { ...before.queues, [name]: queue } },
  );
}
