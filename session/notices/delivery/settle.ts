import type { Refusal } from '../../../protocol/errors.ts';
import { noticeKindOf } from '../../../protocol/notices/kinds.ts';
import { keyOf, type Notice } from '../../../protocol/notices/notice.ts';
import type { Deliveries, Settled } from './state.ts';

const DELIVERED_KEPT = 20;
const DEAD_KEPT = 50;
/** Characters of what is said of a dead letter. */
const WHY = 200;

/** What came of the notice at the head of a queue: its receiver has it, or it is a dead letter. */
export function settle(before: Deliveries, name: string, refusal: Refusal | null, now: number): Deliveries {
  const [head, ...rest] = before.queues[name] ?? [];
  if (!head) return before;
  const { [name]: _, ...others } = before.queues;
  const next = { ...before, queues: rest.length > 0 ? { ...before.queues, [name]: rest } : others };
  if (refusal) return dead(next, name, head.notice, refusal.code, refusal.message, now);
  const { counts } = next;
  return {
    ...next,
    delivered: [...next.delivered, settled(name, head.notice, now)].slice(-DELIVERED_KEPT),
    counts: { ...counts, delivered: counts.delivered + 1 },
  };
}

/** One more dead letter. */
export function dead(
  before: Deliveries,
  name: string,
  notice: Notice,
  code: Refusal['code'],
  why: string,
  now: number,
): Deliveries {
  const { counts } = before;
  const letter = { ...settled(name, notice, now), code, why: why.slice(0, WHY) };
  return {
    ...before,
    failed: [...before.failed, letter].slice(-DEAD_KEPT),
    counts: { ...counts, failed: counts.failed + 1 },
  };
}

const settled = (to: string, notice: Notice, settledAt: number): Settled => ({
  to,
  key: keyOf(notice),
  kind: noticeKindOf(notice) ?? 'notify',
  at: notice.at,
  settledAt,
});
