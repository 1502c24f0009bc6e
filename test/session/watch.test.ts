import { expect, test } from 'vitest';
import {
  forget,
  knownFrom,
  look,
  mustSearch,
  NEW_WATCH,
  type SeenRun,
  WATCH,
  type WatchState,
} from '../../session/watcher/watch.ts';

const run = (runId: string, rest: Partial<SeenRun> = {}): SeenRun => ({
  id: `session-${runId}`,
  runId,
  startedAt: 1000,
  closedAt: null,
  how: 'open',
  ...rest,
});
const seen = (watch: WatchState, at: number, runs: readonly SeenRun[], count: number): WatchState =>
  look(watch, { at, runs, count });

test(
  'L11: a run that was terminated is found once, with who and why, and one that ended or was continued is ' + 'not',
  () => {
    const first = seen(NEW_WATCH, 2000, [run('a'), run('b'), run('c')], 3);
    const cut = run('a', { how: 'terminated', closedAt: 2500, by: 'ann@host', reason: 'pressed' });
    const second = seen(
      first,
      3000,
      [
        cut,
        run('b', { how: 'ended', closedAt: 2600 }),
        run('c', { how: 'continued', closedAt: 2700 }),
        run('d', { startedAt: 2700 }),
      ],
      3,
    );
    expect(second.findings).toEqual([
      {
        n: 1,
        at: 3000,
        what: 'terminated',
        id: 'session-a',
        runId: 'a',
        since: 2500,
        by: 'ann@host',
        reason: 'pressed',
      },
    ]);
    expect(seen(second, 4000, [cut], 3).findings).toHaveLength(1);
    expect(Object.keys(second.known).sort()).toEqual(['a', 'b', 'd']);
  },
);

test('L11: a reset is found by the run that it began and by the run that it ended', () => {
  const watch = seen(
    NEW_WATCH,
    2000,
    [run('a', { how: 'terminated', closedAt: 1500, isReset: true, reason: 'button' }), run('b', { isReset: true })],
    2,
  );
  expect(watch.findings.map(({ what, runId }) => [what, runId])).toEqual([
    ['reset', 'a'],
    ['reset', 'b'],
  ]);
});

test('L11: a run that is missing twice in a row is looked for, and is deleted unless its retention was over', () => {
  let watch = seen(NEW_WATCH, 2000, [run('a'), run('b', { how: 'ended', closedAt: 1500 }), run('c')], 3);
  watch = seen(watch, 3000, [], 1);
  expect(mustSearch(watch)).toBe(false);
  watch = seen(watch, 4000, [], 1);
  expect(mustSearch(watch)).toBe(true);
  watch = forget(
    watch,
    [
      { runId: 'a', expired: false },
      { runId: 'b', expired: true },
    ],
    4100,
  );
  expect(watch.findings).toMatchObject([{ what: 'deleted', id: 'session-a', at: 4100, reason: 'while it was open' }]);
  expect(Object.keys(watch.known)).toEqual(['c']);
  expect(mustSearch(seen(watch, 5000, [], 1))).toBe(false);
  expect(seen(seen(NEW_WATCH, 2000, [run('a')], 1), 3000, [], 0).misses, 'visibility may be behind').toBe(1);
});

test('L11: what is kept is bounded: the newest runs, and the last findings with their numbers', () => {
  const many = Array.from({ length: WATCH.runs + 10 }, (_, index) => run(`r${index}`, { startedAt: 1000 + index }));
  const watch = seen(NEW_WATCH, 9000, many, many.length);
  expect(Object.keys(watch.known)).toHaveLength(WATCH.runs);
  expect(knownFrom(watch)).toBe(1010);
  const cut = many
    .slice(0, WATCH.findings + 5)
    .map((each) => ({ ...each, how: 'terminated' as const, closedAt: 9100 }));
  const { findings, last } = seen(watch, 9500, cut, WATCH.runs);
  expect([findings.length, findings[0]?.n, last]).toEqual([WATCH.findings, 6, WATCH.findings + 5]);
});
