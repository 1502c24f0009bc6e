import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyOf, type Notice, noticeId, type PassedOn } from '../../../protocol/notices/notice.ts';
import { parseShown } from '../../../protocol/notices/shown.ts';
import { settle } from '../../../session/notices/delivery/settle.ts';
import { shownOf } from '../../../session/notices/delivery/shown.ts';
import { type Deliveries, NOTHING_SENT } from '../../../session/notices/delivery/state.ts';
import { take } from '../../../session/notices/delivery/take.ts';

const noticeOf = (n: number, text = 'x'): Notice => ({ n, at: n, layer: 'session', kind: 'notify', data: { text } });
const ALL = { kinds: ['notify', 'ended'], retryFor: 1000 } as const;
const word = (notices: readonly Notice[], to: PassedOn['to'] = { a: ALL, b: ALL }): PassedOn => ({
  about: { agent: 'x@1', profile: 'p', labels: {} },
  notices,
  to,
});
const waitingAt = ({ queues }: Deliveries, name: string): number[] =>
  (queues[name] ?? []).map(({ notice }) => notice.n);
const REFUSED = { code: 'NOTICE_REFUSED', message: 'no' } as const;

describe('C3: the notices of a session on their way', () => {
  test('each destination has a queue of its own, of the kinds that it wants, with a time to give up', () => {
    const sent = take(NOTHING_SENT, word([noticeOf(1), noticeOf(2)], { a: ALL, b: { ...ALL, kinds: ['ended'] } }), 50);
    expect(waitingAt(sent, 'a')).toEqual([1, 2]);
    expect(waitingAt(sent, 'b')).toEqual([]);
    expect(sent.queues['a']?.[0]?.until).toBe(1050);
  });

  test('a word that comes twice counts once, before and after it is delivered', () => {
    let sent = take(take(NOTHING_SENT, word([noticeOf(1)]), 0), word([noticeOf(1), noticeOf(2)]), 1);
    expect(waitingAt(sent, 'a')).toEqual([1, 2]);
    sent = settle(sent, 'a', null, 2);
    expect(waitingAt(take(sent, word([noticeOf(1)]), 3), 'a')).toEqual([2]);
  });

  test('a session that was reset counts anew, and its notices are others', () => {
    const sent = take(take(NOTHING_SENT, word([noticeOf(1)]), 0), word([{ ...noticeOf(1), resetAt: 7 }]), 1);
    expect(sent.queues['a']?.map(({ notice }) => keyOf(notice))).toEqual(['1', '1-reset-7']);
  });

  test('whatever comes and becomes of it, each queue keeps its order, and each notice is settled once', () => {
    const step = fc.oneof(
      fc.record({ take: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }) }),
      fc.record({ settle: fc.constantFrom('a', 'b'), isRefused: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let sent = NOTHING_SENT;
        const done: Record<string, string[]> = { a: [], b: [] };
        let next = 1;
        for (const each of steps) {
          if ('take' in each) {
            const fresh = each.take.map(() => noticeOf(next++));
            sent = take(sent, word([...fresh, ...each.take.map((n) => noticeOf(n % next || 1))]), 0);
          } else {
            const [head] = sent.queues[each.settle] ?? [];
            if (head) done[each.settle]?.push(keyOf(head.notice));
            sent = settle(sent, each.settle, each.isRefused ? REFUSED : null, 0);
          }
          for (const name of ['a', 'b']) {
            const order = [...(done[name] ?? []).map(Number), ...waitingAt(sent, name)];
            expect(order).toEqual([...new Set(order)]);
          }
        }
        const { counts, queues } = sent;
        expect(counts.delivered + counts.failed).toBe(done['a']!.length + done['b']!.length);
        expect(Object.values(queues).every((queue) => queue.length > 0)).toBe(true);
      }),
    );
  });

  test('where too much waits the oldest gives way, as a dead letter; the one under way stays', () => {
    const large = 'x'.repeat(60_000);
    const sent = take(
      NOTHING_SENT,
      word(
        [1, 2, 3].map((n) => noticeOf(n, large)),
        { a: ALL },
      ),
      5,
    );
    expect(waitingAt(sent, 'a')).toEqual([1, 3]);
    expect(sent.failed).toMatchObject([{ key: '2', to: 'a', code: 'NOTICE_NOT_DELIVERED', settledAt: 5 }]);
  });

  test('what is shown of it is bounded, and readable', () => {
    let sent = NOTHING_SENT;
    for (let n = 1; n <= 200; n += 1) {
      sent = take(sent, word([noticeOf(n)], { a: ALL }), n);
      if (n <= 150) sent = settle(sent, 'a', n % 2 === 0 ? null : { ...REFUSED, message: 'n'.repeat(9000) }, n);
    }
    const shown = shownOf(sent);
    expect(parseShown(JSON.parse(JSON.stringify(shown)))).toEqual(shown);
    expect(shown).toMatchObject({ left: 50, counts: { delivered: 75, failed: 75 } });
    expect(JSON.stringify(shown).length).toBeLessThan(32 * 1024);
    expect(parseShown({ waiting: 'x' })).toBeUndefined();
    const far = { to: 'a', key: '1', kind: 'notify', at: 9e15 };
    expect(parseShown({ ...shown, waiting: [far] })).toBeUndefined();
  });

  test('an id is stable, and has nothing in it that what is signed is separated by', () => {
    expect(noticeId('session-1', noticeOf(12))).toBe('session-1/12');
    expect(noticeId('a.b/ü\n', noticeOf(1))).toBe('a%2Eb%2F%C3%BC%0A/1');
    expect(noticeId('\ud800', noticeOf(1))).toBe('%EF%BF%BD/1');
  });
});
