import { describe, expect, test } from 'vitest';
import { recordOf } from '../../../session/records/records.ts';
import { byOf, callOf, HOUR, openedOf, pinOf, succeeded, World } from '../world.ts';

const RESET = { type: 'reset' } as const;
const RECOVERED = { type: 'recovered', from: 'run-1', actor: 'ann', reason: 'pressed by mistake' } as const;

describe('L11: a session that was reset in Temporal', () => {
  test.each([
    ['RUNNING', () => World.running()],
    ['PAUSED', () => World.running().pause()],
    ['RESUMING', () => World.running().pause().resume()],
    ['ROLLBACK', () => World.running().do(callOf('a')).do({ type: 'rollback', by: byOf(), to: null })],
  ])('from %s is PAUSED (incident) at once, on record, and makes no call', (_, begun) => {
    const world = begun().do(RESET);
    expect(world.state).toMatchObject({
      name: 'PAUSED',
      cause: 'incident',
      reason: expect.stringContaining('so none is made until it is recovered'),
    });
    expect(world.of('wasReset').map(recordOf)).toMatchObject([{ layer: 'compliance', kind: 'reset' }]);
    const before = world.of('attemptStarted').length;
    world.do(callOf('new'));
    expect(world.of('attemptStarted')).toHaveLength(before);
    for (const command of [
      { type: 'resume', by: byOf(), acceptChanges: false },
      { type: 'complete', by: byOf() },
      { type: 'rollback', by: byOf(), to: null },
    ] as const)
      expect(world.refusalOf(command)).toBe('SESSION_RESET');
    expect(world.refusalOf({ type: 'cancel', by: byOf() })).toBeUndefined();
  });

  test('before its servers are open is PAUSED once they are, before any queued call starts', () => {
    const world = new World().do(callOf('early')).do(RESET).do(openedOf());
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
    expect(world.of('attemptStarted')).toEqual([]);
  });

  test('is not rolled back by its deadline, and times out like any other', () => {
    const world = World.running({ onTimeout: { rollback: true } })
      .do(RESET)
      .later(24 * HOUR);
    expect(world.state.name).toBe('PAUSED');
    expect(world.later(HOUR).state.name).not.toBe('ROLLBACK');
    expect(world.state).toMatchObject({ name: 'TIMEOUT' });
  });

  test('after its end stays as it ended', () => {
    const world = World.running().do({ type: 'complete', by: byOf() }).do(RESET);
    expect(world.state.name).toBe('COMPLETED');
    expect(world.session.resetAt).toBeNull();
  });
});

describe('L11: a session that was recovered', () => {
  test('is PAUSED until a person resumes it, on record with who and why, and is reviewed before work goes on', () => {
    const world = World.running().do(callOf('a')).ends('a', succeeded()).do(RECOVERED);
    expect(world.state).toMatchObject({
      name: 'PAUSED',
      cause: 'incident',
      by: 'ann',
      reason: 'recovered: pressed by mistake',
    });
    expect(world.of('recovered').map(recordOf)).toEqual([
      { layer: 'compliance', kind: 'recovered', data: { from: 'run-1', reason: 'pressed by mistake' }, by: 'ann' },
    ]);
    expect(world.of('reviewDue')).toMatchObject([{ cause: 'restart' }]);
    const { deadlineAt } = world.session.clock;
    world.resume().do(openedOf());
    expect(world.of('reviewedByRules')).toHaveLength(1);
    expect(world.state.name).toBe('RUNNING');
    expect(world.session.clock.deadlineAt).toBe(deadlineAt);
    expect(world.refusalOf(callOf('a'))).toBeUndefined();
    expect(world.do(callOf('a')).of('attemptStarted')).toHaveLength(1);
  });

  test(
    'leaves a call that was under way to the word of its worker; without it an irreversible one is in doubt ' +
      'and a read is made again',
    () => {
      const world = World.running().do(callOf('a')).do(callOf('r', 'read-only')).do(RECOVERED);
      const nobodyKnows = { kind: 'unknown', code: 'SESSION_LOST', message: 'ended in Temporal' } as const;
      world.ends('a', nobodyKnows).ends('r', nobodyKnows);
      expect([world.open('a')?.phase, world.open('r')?.phase]).toEqual(['in_doubt', 'queued']);
      expect(World.running().do(callOf('a')).do(RECOVERED).ends('a', succeeded()).ended('a')?.outcome).toBe(
        'succeeded',
      );
    },
  );

  test('asks for the outcome of a call whose tool is no longer pinned, and ends it by that', () => {
    const world = World.running().do(callOf('a')).pause().resume(true);
    world.do(openedOf({}, pinOf(['read-only']))).do(RECOVERED);
    const asked = world.effects.filter(({ type }) => type === 'seek');
    expect(asked).toMatchObject([{ intent: { callId: 'a', attempt: 1 } }]);
    expect(world.ends('a', succeeded()).ended('a')?.outcome).toBe('succeeded');
  });

  test('from a reset can be resumed, and from an end ends the same way', () => {
    const back = World.running().do(RESET).do(RECOVERED);
    expect(back.refusalOf({ type: 'resume', by: byOf(), acceptChanges: false })).toBeUndefined();
    const ended = World.running()
      .do({ type: 'complete', by: byOf('all done') })
      .do(RECOVERED);
    expect(ended.state).toMatchObject({ name: 'COMPLETED', reason: 'all done' });
    expect(ended.of('reviewDue')).toEqual([]);
  });

  test('calls for no review where the profile wants none', () => {
    expect(
      World.running({ onRestart: { compliance: false } })
        .do(RECOVERED)
        .of('reviewDue'),
    ).toEqual([]);
  });
});
