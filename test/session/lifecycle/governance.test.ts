import { describe, expect, test } from 'vitest';
import { nextInstant } from '../../../session/time/instants.ts';
import { notes } from '../observed.ts';
import { byOf, callOf, HOUR, lost, MINUTE, openedOf, START, succeeded, World } from '../world.ts';

const extend = (world: World, ms: number): World => world.do({ type: 'extend', by: byOf(), ms });

describe('T1, T2: the deadline', () => {
  test('is 24 h after the start, with a warning 1 h before and 30 m of grace, by default', () => {
    const world = World.running();
    expect(world.session.clock.deadlineAt).toBe(START + 24 * HOUR);
    world.later(23 * HOUR - 1);
    expect(world.of('warned')).toHaveLength(0);
    expect(nextInstant(world.session)).toEqual({
      at: START + 23 * HOUR,
      what: 'warning before the deadline',
    });
    world.later(1);
    expect(world.of('warned')).toHaveLength(1);
    world.later(HOUR - 1);
    expect(world.state.name).toBe('RUNNING');
    expect(world.later(1).state).toMatchObject({ name: 'PAUSED', cause: 'timeout' });
    expect(nextInstant(world.session)).toEqual({
      at: START + 24 * HOUR + 30 * MINUTE,
      what: 'end of grace period',
    });
    expect(world.later(30 * MINUTE).state).toMatchObject({ name: 'TIMEOUT', code: 'SESSION_TIMEOUT' });
  });

  test('is not moved by pauses, and passes in them', () => {
    const world = World.running()
      .pause()
      .later(24 * HOUR);
    expect(world.session.clock.graceUntil).toBe(START + 24 * HOUR + 30 * MINUTE);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'operator' });
    expect(world.refusalOf({ type: 'resume', by: byOf(), acceptChanges: false })).toBe('DEADLINE_PASSED');
  });

  test('comes as soon as RESUMING is over, where it passes meanwhile', () => {
    const world = World.running()
      .pause()
      .resume()
      .later(25 * HOUR);
    expect(world.state.name).toBe('RESUMING');
    world.do(callOf('a')).do(openedOf());
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'timeout' });
    expect(world.of('attemptStarted')).toEqual([]);
  });

  test('that passes during a check starts the grace period; nothing starts in it', () => {
    const world = World.running()
      .do(callOf('a'))
      .ends('a', lost())
      .pause()
      .resume()
      .do(openedOf())
      .do(callOf('b'))
      .later(24 * HOUR);
    expect(world.state.name).toBe('AUDIT');
    expect(world.session.clock.graceUntil).not.toBeNull();
    world.do({ type: 'resolve', by: byOf(), callId: 'a', as: 'failed' });
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'timeout' });
    expect(world.of('attemptStarted').map(({ callId }) => callId)).toEqual(['a']);
  });
});

describe('T2: extensions', () => {
  test('move the deadline, up to maxExtension in sum', () => {
    const world = World.running({ session: { maxExtension: 3 * HOUR } });
    extend(extend(world, 2 * HOUR), HOUR);
    expect(world.session.clock).toMatchObject({ deadlineAt: START + 27 * HOUR, extended: 3 * HOUR });
    expect(world.refusalOf({ type: 'extend', by: byOf(), ms: 1 })).toBe('EXTENSION_TOO_LONG');
  });

  test('are warned about anew', () => {
    const world = World.running().later(23 * HOUR + 1);
    extend(world, 2 * HOUR).later(2 * HOUR);
    expect(world.of('warned').map(({ deadlineAt }) => deadlineAt)).toEqual([START + 24 * HOUR, START + 26 * HOUR]);
  });

  test('bring a session back in its grace period; without autoResume a person resumes it', () => {
    const world = extend(World.running().later(24 * HOUR), HOUR);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'timeout' });
    expect(world.session.clock.graceUntil).toBeNull();
    expect(world.resume().state.name).toBe('RESUMING');
  });

  test('T3: with autoResume, resume by themselves; but not what an operator paused', () => {
    const auto = { session: { autoResume: true } };
    expect(extend(World.running(auto).later(24 * HOUR), HOUR).state.name).toBe('RESUMING');
    expect(
      extend(
        World.running(auto)
          .pause()
          .later(24 * HOUR),
        HOUR,
      ).state.name,
    ).toBe('PAUSED');
    expect(extend(World.running(auto).pause(), HOUR).state.name).toBe('PAUSED');
  });

  test('that would have passed already are refused', () => {
    const late = World.running({ session: { gracePeriod: 3 * HOUR } })
      .later(24 * HOUR)
      .later(2 * HOUR);
    expect(late.refusalOf({ type: 'extend', by: byOf(), ms: HOUR })).toBe('DEADLINE_PASSED');
    expect(late.refusalOf({ type: 'extend', by: byOf(), ms: 3 * HOUR })).toBeUndefined();
  });
});

describe('T1: pausedTimeCounts: false', () => {
  const patch = { session: { pausedTimeCounts: false } };

  test('moves the deadline by the paused time, however long', () => {
    const world = World.running(patch)
      .later(HOUR)
      .pause()
      .later(100 * HOUR);
    expect(world.state.name).toBe('PAUSED');
    expect(nextInstant(world.session)).toBeUndefined();
    world.resume().do(openedOf(patch));
    expect(world.session.clock.deadlineAt).toBe(START + 124 * HOUR);
  });

  test('counts no paused time twice where a resume fails', () => {
    const world = World.running(patch).pause().later(HOUR).resume();
    world
      .do({ type: 'openFailed', refusal: { code: 'SERVER_UNAVAILABLE', message: 'gone' } })
      .later(HOUR)
      .resume();
    expect(world.session.clock.deadlineAt).toBe(START + 26 * HOUR);
  });

  test('counts from the pause of a plan, not from its last call', () => {
    const world = World.withPlan(
      [
        { call: 's.read-only', as: 'one' },
        { wait: 5 * HOUR },
        { call: 's.read-only', args: { text: '${one.nothing}' }, onError: 'pause' },
      ],
      patch,
    );
    world.ends('plan/one', succeeded()).later(5 * HOUR);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'review', since: START + 5 * HOUR });
  });

  test('leaves a pause that is longer than the timeout extensible', () => {
    const world = World.running(patch)
      .pause()
      .later(100 * HOUR);
    extend(world, HOUR).resume();
    expect(world.session.clock.deadlineAt).toBe(START + 125 * HOUR);
  });
});

test(
  'T3: idleTimeout: a session without a call for so long is treated as at its deadline; calls that wait or ' +
    'run are none',
  () => {
    const idle = { session: { idleTimeout: HOUR } };
    const world = World.running(idle)
      .later(HOUR - 1)
      .do(callOf('a'))
      .later(5 * HOUR);
    expect(world.state.name).toBe('RUNNING');
    world.ends('a', succeeded()).later(HOUR - 1);
    expect(world.state.name).toBe('RUNNING');
    expect(world.later(1).state).toMatchObject({ name: 'PAUSED', cause: 'timeout', reason: 'no call for 1h' });
    expect(World.running().later(23 * HOUR).state.name).toBe('RUNNING');
    const ended = world.later(30 * MINUTE).state;
    expect(ended).toMatchObject({
      name: 'TIMEOUT',
      reason: 'the session was idle for too long and no extension was approved in the grace period',
    });
  },
);

describe('T2: onTimeout', () => {
  test('pause: false ends the session at its deadline, in AUDIT until calls under way have ended', () => {
    const world = World.running({ onTimeout: { pause: false } })
      .do(callOf('a'))
      .later(24 * HOUR);
    expect(world.state).toMatchObject({ name: 'AUDIT', then: { name: 'TIMEOUT' } });
    expect(world.ends('a', succeeded()).state.name).toBe('TIMEOUT');
  });

  test.each(['audit', 'notify'] as const)('%s writes a record at the warning and at the deadline, or none', (key) => {
    expect(notes(World.running().later(24 * HOUR), key)).toBe(1);
    expect(
      notes(
        World.running()
          .later(23 * HOUR)
          .later(HOUR),
        key,
      ),
    ).toBe(2);
    expect(
      notes(
        World.running({ onTimeout: { [key]: false } })
          .later(23 * HOUR)
          .later(HOUR),
        key,
      ),
    ).toBe(0);
  });

  test('rollback undoes what it can, names the rest, and ends the session after its grace period', () => {
    const world = World.running({ onTimeout: { pause: false, rollback: true } })
      .do(callOf('a', 'compensable'))
      .ends('a', succeeded())
      .later(24 * HOUR);
    expect(world.of('rollbackEnded')).toEqual([
      { type: 'rollbackEnded', to: null, point: null, undone: 0, remaining: 1, shown: ['s.compensable (a)'] },
    ]);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
    expect(world.later(30 * MINUTE).state.name).toBe('TIMEOUT');
  });
});
