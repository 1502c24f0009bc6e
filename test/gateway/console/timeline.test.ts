import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../../../audit/entry.ts';
import { axisOf, rowsOf } from '../../../console/data/timeline.ts';

const START = Date.parse('2026-11-28T12:00:00Z');

const entry = (second: number, kind: string, callId: string | null, more: Partial<Entry> = {}): Entry => ({
  at: new Date(START + second * 1000).toISOString(),
  layer: 'execution',
  kind,
  text: kind === 'attempt' ? 'files.write {} (compensable)' : '',
  by: null,
  standing: null,
  proof: null,
  callId,
  record: null,
  runId: 'run',
  eventId: second,
  ...more,
});
const outcome = (second: number, callId: string, kind: string) => entry(second, 'outcome', callId, { data: { kind } });
const phases = (entries: readonly Entry[]) =>
  rowsOf(entries).map((row) =>
    row.phases.map(({ kind, from, until }) => [kind, (from - START) / 1000, until && (until - START) / 1000]),
  );

describe('U2: the timeline of a session', () => {
  test('has one row a call, with the time in which people decided apart from that at the server', () => {
    const entries = [
      entry(0, 'attempt', 'a'),
      entry(1, 'attempt', 'b'),
      outcome(2, 'a', 'needs_approval'),
      outcome(3, 'b', 'succeeded'),
      entry(60, 'attempt', 'a'),
      outcome(64, 'a', 'succeeded'),
    ];
    expect(phases(entries)).toEqual([
      [
        ['wait', 0, 2],
        ['people', 2, 60],
        ['tool', 60, 64],
      ],
      [['tool', 1, 3]],
    ]);
    expect(rowsOf(entries)).toMatchObject([
      { callId: 'a', name: 'files.write', attempts: 2, outcome: 'succeeded' },
      { callId: 'b', attempts: 1 },
    ]);
  });

  test('a call that rules denied was never at its server', () => {
    expect(phases([entry(0, 'attempt', 'a'), outcome(1, 'a', 'denied')])).toEqual([[['wait', 0, 1]]]);
  });

  test('a call in doubt waits for people until it is resolved; one that is repeated does not', () => {
    const sent = [entry(0, 'attempt', 'a'), outcome(5, 'a', 'unknown')];
    const doubted = entry(6, 'in-doubt', null, { text: 'a: OUTCOME_UNKNOWN: the worker died' });
    expect(
      phases([...sent, doubted])
        .flat()
        .at(-1),
    ).toEqual(['people', 6, null]);
    const resolved = entry(90, 'resolved', null, { text: 'a as succeeded: I looked' });
    expect(
      phases([...sent, doubted, resolved])
        .flat()
        .at(-1),
    ).toEqual(['people', 6, 90]);
    expect(rowsOf([resolved])).toEqual([]);
    expect(phases([...sent, entry(8, 'attempt', 'a'), outcome(9, 'a', 'succeeded')]).flat()).toEqual([
      ['tool', 0, 5],
      ['wait', 5, 8],
      ['tool', 8, 9],
    ]);
  });

  test('folds the days in which nothing happens, and nothing else', () => {
    const day = 86_400_000;
    const { at, folds } = axisOf([
      { from: 0, until: 10_000 },
      { from: 3 * day, until: 3 * day + 10_000 },
    ]);
    expect(folds.map(({ ms }) => ms)).toEqual([3 * day - 10_000]);
    expect([at(0), at(10_000), at(3 * day), at(3 * day + 10_000)].map((each) => each.toFixed(2))).toEqual([
      '0.00',
      '0.49',
      '0.51',
      '1.00',
    ]);
  });

  test('never turns the order of two instants, whatever it folds', () => {
    const span = fc.tuple(fc.nat(10_000_000), fc.nat(100_000)).map(([from, ms]) => ({ from, until: from + ms }));
    fc.assert(
      fc.property(fc.array(span, { maxLength: 20 }), fc.nat(12_000_000), fc.nat(12_000_000), (spans, one, other) => {
        const { at } = axisOf(spans);
        const [first, second] = [at(Math.min(one, other)), at(Math.max(one, other))];
        return first >= 0 && first <= second && second <= 1 + 1e-9;
      }),
    );
  });
});
