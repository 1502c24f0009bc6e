import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tell } from '../../activities/evidence/tell.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { isDue, LIST_EVERY, type Listed } from '../../protocol/evidence/listed.ts';
import { NOTHING_SEALED, type Sealed } from '../../protocol/evidence/sealed.ts';
import type { NamespaceLeaf } from '../../protocol/evidence/namespaceLog.ts';
import { waitAfter } from '../../workflows/evidence/pace.ts';
import { withLeaves } from '../../workflows/evidence/waiting.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const sealed = (more: Partial<Sealed>): Sealed => ({ ...NOTHING_SEALED, root: 'aa', at: 0, ...more });
const failing = { code: 'EVIDENCE_UNAVAILABLE', message: 'It is down.', since: 0 } as const;

/** Minutes between looks, one after the other, that all find the same. */
function waits(now: Sealed, listed: Listed | undefined, count: number): readonly number[] {
  const found: number[] = [];
  for (let wait = MINUTE; found.length < count; found.push(wait / MINUTE)) wait = waitAfter(wait, now, now, listed);
  return found;
}

describe('A4: looks at a session', () => {
  const all = { size: 3, at: 0, isWhole: false };

  test('come twice as late each time while there is nothing new, up to an hour', () => {
    expect(waits(sealed({ size: 3 }), all, 8)).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
  });

  test('come at least each ten minutes while nothing can be sealed', () => {
    expect(waits(sealed({ size: 3, failing }), all, 6)).toEqual([2, 4, 8, 10, 10, 10]);
  });

  test('come within a minute after one that found something, however long nothing had come', () => {
    fc.assert(
      fc.property(fc.integer({ min: MINUTE, max: HOUR }), fc.nat(1000), (wait, size) => {
        expect(waitAfter(wait, sealed({ size }), sealed({ size: size + 1 }), undefined)).toBe(MINUTE);
      }),
    );
  });

  test('come in time for the hour in which the log of the namespace is told of what it does not have', () => {
    const grown = sealed({ size: 5, at: 50 * MINUTE });
    expect(waitAfter(32 * MINUTE, grown, grown, all)).toBe(10 * MINUTE);
    const late = sealed({ size: 5, at: 59.9 * MINUTE });
    expect(waitAfter(32 * MINUTE, late, late, all)).toBe(MINUTE);
  });
});

describe('A4: the log of the namespace is told', () => {
  test('of the first look that found something, of the last one, and once an hour of what grew', () => {
    const told = { size: 3, at: 0, isWhole: false };
    for (const [now, listed, due] of [
      [{ size: 0, at: 0, isWhole: false }, undefined, false],
      [{ size: 3, at: 0, isWhole: false }, undefined, true],
      [{ size: 9, at: LIST_EVERY - 1, isWhole: false }, told, false],
      [{ size: 9, at: LIST_EVERY, isWhole: false }, told, true],
      [{ size: 3, at: LIST_EVERY, isWhole: false }, told, false],
      [{ size: 3, at: 1, isWhole: true }, told, true],
      [{ size: 3, at: 2, isWhole: true }, { ...told, isWhole: true }, false],
      [{ size: 4, at: 2, isWhole: true }, { ...told, isWhole: true }, true],
    ] as const)
      expect(isDue(now, listed), JSON.stringify([now, listed])).toBe(due);
  });

  test('or says why it cannot be, and what was sealed stays sealed', async () => {
    const down = new CustodyError('TEMPORAL_UNAVAILABLE', 'It does not answer.');
    const leaves: NamespaceLeaf[] = [];
    const evidence = { list: (given: readonly NamespaceLeaf[]) => Promise.resolve(void leaves.push(...given)) };
    const now = { size: 3, root: 'a'.repeat(64), isWhole: false };
    const listed = { size: 1, at: 0, isWhole: false };
    const failed = await tell({ evidence: { list: () => Promise.reject(down) } as never }, 's', now, listed);
    expect(failed).toEqual({ listed, unlisted: { code: down.code, message: down.message } });
    expect(await tell({ evidence: evidence as never }, 's', now, undefined)).toEqual({
      listed: { size: 3, at: expect.any(Number), isWhole: false },
    });
    expect(leaves).toMatchObject([{ kind: 'session', session: 's', size: 3, whole: false }]);
  });
});

describe('A4: leaves that wait for the log of the namespace', () => {
  const leaf = (session: string, size = 1): NamespaceLeaf => ({
    v: 1,
    kind: 'session',
    session,
    size,
    root: 'a'.repeat(64),
    at: '2026-01-01T00:00:00.000Z',
    whole: false,
  });
  const some = (count: number, prefix = ''): readonly NamespaceLeaf[] =>
    Array.from({ length: count }, (_, at) => leaf(`${prefix}${at}`));

  test('are one for each session, the last one', () => {
    const { leaves, lost } = withLeaves([leaf('a', 1), leaf('b', 1)], [leaf('a', 2)]);
    expect([leaves, lost]).toEqual([[leaf('b', 1), leaf('a', 2)], 0]);
  });

  test('are 4,000 at most: the last ones are given up and counted, and none that waited', () => {
    const before = withLeaves([], some(3900)).leaves;
    const { leaves, lost } = withLeaves(before, some(256, 'late-'));
    expect([leaves.length, lost]).toEqual([4000, 156]);
    expect(leaves.slice(0, 3900)).toEqual(before);
  });

  test('stay small enough for one run to hand them to the next, whatever sessions are called', () => {
    const { leaves, lost } = withLeaves([], some(4000, 'x'.repeat(990)));
    expect(leaves.length + lost).toBe(4000);
    expect(lost).toBeGreaterThan(0);
    expect(JSON.stringify(leaves).length).toBeLessThan(1_500_000);
    expect(JSON.stringify(withLeaves([], some(4000)).leaves).length).toBeLessThan(1_500_000);
  });
});
