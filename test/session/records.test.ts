import { describe, expect, test } from 'vitest';
import type { Event } from '../../session/events.ts';
import { proseOf } from '../../audit/prose/records.ts';
import { recordOf } from '../../session/records/records.ts';
import { SCENARIOS } from './scenarios.ts';
import { byOf, callOf, HOUR, lost, openedOf, pinOf, succeeded, unknown, World } from './world.ts';

const lines = (world: World): string[] =>
  world.events.flatMap((event) => {
    const record = recordOf(event);
    return record ? [`${record.layer} ${record.kind}: ${proseOf(record)}${record.by ? ` (${record.by})` : ''}`] : [];
  });

describe('E2: the audit trail', () => {
  test('of a call that simply succeeded has no record beside what the history shows', () => {
    const world = World.running();
    const before = lines(world).length;
    expect(lines(world.do(callOf('a')).ends('a', succeeded()))).toHaveLength(before);
  });

  test('says in words what no other event of the history shows', () => {
    const world = World.running()
      .do(callOf('a'))
      .ends('a', lost('unknown', { name: 'w', boot: '1', afterDrain: false }));
    world.do({ type: 'resolve', by: byOf('saw it', 'bob'), callId: 'a', as: 'succeeded' }).pause('lunch');
    expect(lines(world)).toEqual([
      'session governance: profile profile-v1, deadline 2026-01-02T00:00:00.000Z',
      'session transition: INIT -> RUNNING: servers open, tools pinned: s (custody)',
      'compliance restart: w was lost with an attempt of a',
      'compliance audit: worker w was lost with an attempt of a under way',
      'session notify: worker w was lost with an attempt of a under way',
      'compliance review-due: extra, by rules: restart',
      'compliance in-doubt: a: WORKER_LOST: the worker was lost',
      'compliance resolved: a as succeeded: saw it (bob)',
      'compliance reviewed: extra (restart) by 7 rules: passed (custody)',
      'session transition: RUNNING -> PAUSED (operator): lunch (ann)',
    ]);
  });

  test.each<[string, () => World, string]>([
    [
      'an attempt that is repeated',
      () => World.running().do(callOf('a', 'read-only')).ends('a', unknown()),
      'execution attempt-repeated: a: CONNECTION_LOST: no answer',
    ],
    [
      'the reviews at the end',
      () => World.running().do({ type: 'complete', by: byOf() }),
      'compliance reviewed: session by 3 rules: passed (custody)',
    ],
    [
      'a refused call',
      () => new World().do(callOf('a', 'none')).do(openedOf()),
      "execution call-refused: a: The server 's' had no tool 'none' when the session opened it.",
    ],
    [
      'the warning',
      () => World.running().later(23 * HOUR),
      'session deadline-warning: the deadline is 2026-01-02T00:00:00.000Z',
    ],
    [
      'the deadline',
      () => World.running().later(24 * HOUR),
      'session deadline: deadline reached; grace until 2026-01-02T00:30:00.000Z',
    ],
    [
      'an extension',
      () => World.running().do({ type: 'extend', by: byOf('more to do', 'ann'), ms: HOUR }),
      'session extended: by 1h to 2026-01-02T01:00:00.000Z: more to do (ann)',
    ],
    [
      'paused time that does not count',
      () =>
        World.running({ session: { pausedTimeCounts: false } })
          .pause()
          .later(HOUR)
          .resume(),
      'session deadline-shifted: by 1h of paused time to 2026-01-02T01:00:00.000Z',
    ],
    [
      'changes that were accepted',
      () =>
        World.running()
          .pause()
          .resume(true)
          .do(openedOf({}, pinOf(['read-only']))),
      'compliance changes-accepted: s.idempotent (gone), s.compensable (gone), s.irreversible (gone)',
    ],
    [
      'a rollback',
      () => World.running().do(callOf('a')).ends('a', succeeded()).do({ type: 'rollback', by: byOf(), to: null }),
      'compliance rollback: not undone: s.irreversible (a)',
    ],
  ])('has %s', (_, play, line) => {
    expect(lines(play())).toContain(line);
  });

  test('has one record for each transition, with who and why', () => {
    for (const { play } of SCENARIOS) {
      const moves = play().of('moved');
      for (const move of moves)
        expect(recordOf(move)).toMatchObject({
          layer: 'session',
          kind: 'transition',
          by: move.by,
          data: { from: move.from, to: move.to.name, reason: move.reason },
        });
    }
  });

  test('can be written for every event there is', () => {
    const events = SCENARIOS.flatMap(({ play }) => play().events);
    for (const event of events) expect(() => recordOf(event)).not.toThrow();
    const quiet: Event['type'][] = ['commanded', 'callAccepted', 'attemptStarted', 'workerSeen'];
    for (const event of events) if (quiet.includes(event.type)) expect(recordOf(event)).toBeUndefined();
  });
});
