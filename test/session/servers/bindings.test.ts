import { describe, expect, test } from 'vitest';
import type { Lease, WhenLost } from '../../../protocol/calls/lease.ts';
import type { AttemptOutcome } from '../../../protocol/calls/call.ts';
import type { WorkerIdentity } from '../../../protocol/workers/worker.ts';
import type { Fact } from '../../../session/facts.ts';
import { callOf, governanceOf, MINUTE, pinOf, succeeded, World } from '../world.ts';

const w1: WorkerIdentity = { name: 'w1', boot: 'b1', afterDrain: false };
const w2: WorkerIdentity = { name: 'w2', boot: 'b2', afterDrain: false };
const leaseOf = (lease: string, whenLost: WhenLost = 'reopen', slots = 100): Lease => ({ lease, slots, whenLost });

/** A session with two servers: `s` keeps state and is held by w1, `t` does not. */
function held(lease: Lease = leaseOf('first'), patch = {}): World {
  const servers = { s: pinOf(), t: pinOf() };
  const world = new World({ servers: ['s', 't'] });
  world.do({ type: 'workersSeen', workers: [w1] });
  return world.do({
    type: 'opened',
    governance: governanceOf({ session: { concurrency: 8 }, ...patch }),
    profileHash: 'profile-v1',
    servers,
    leases: { s: { ...lease, holder: w1 } },
  });
}

const lost = (rest: Partial<AttemptOutcome> = {}): AttemptOutcome =>
  ({ kind: 'not_sent', code: 'LEASE_LOST', message: 'gone', leaseLost: true, worker: w1, ...rest }) as AttemptOutcome;
const silent = (): AttemptOutcome => lost({ workerLost: true });
const reopened = (lease: Lease | null = leaseOf('second'), pin = pinOf(), worker = w2): Fact => ({
  type: 'reopened',
  server: 's',
  pin,
  worker,
  lease,
});
const phase = (world: World, callId: string) => world.open(callId)?.phase;

describe('a stateful server', () => {
  test('E1: its calls carry the lease of its holder, those of other servers none', () => {
    const world = held()
      .do(callOf('a'))
      .do(callOf('b', 'irreversible', {}, 't'));
    expect(world.of('attemptStarted').map(({ callId, lease }) => [callId, lease])).toEqual([
      ['a', 'first'],
      ['b', null],
    ]);
  });

  test(
    'L6: lost with its worker: one restart however many signs of it come, and the next call has it opened ' + 'again',
    () => {
      const world = held()
        .do(callOf('a'))
        .do(callOf('b'))
        .do(callOf('c', 'irreversible', {}, 't'));
      world
        .ends('a', silent())
        .ends('b', silent())
        .ends('c', { kind: 'not_sent', code: 'WORKER_LOST', message: '', workerLost: true, worker: w1 });
      expect(world.session.restarts).toBe(1);
      expect(world.of('leaseLost')).toHaveLength(1);
      expect(world.of('reopenStarted')).toHaveLength(1);
      expect([phase(world, 'a'), phase(world, 'b'), phase(world, 'c')]).toEqual(['queued', 'queued', 'running']);
      world.do(reopened());
      expect(world.session.bindings['s']).toMatchObject({
        worker: 'w2',
        generation: 2,
        phase: 'held',
        lease: 'second',
      });
      expect(
        world
          .of('attemptStarted')
          .slice(-2)
          .map(({ callId, lease }) => [callId, lease]),
      ).toEqual([
        ['a', 'second'],
        ['b', 'second'],
      ]);
      expect(world.open('a')).toMatchObject({ spent: 0, attempts: 2 });
      expect(world.session.restarts).toBe(1);
    },
  );

  test('L6: an attempt lost with the worker tells the same of the server, before anybody calls it', () => {
    const world = held().do(callOf('c', 'read-only', {}, 't'));
    world.ends('c', { kind: 'unknown', code: 'WORKER_LOST', message: '', workerLost: true, worker: w1 });
    expect(world.session.bindings['s']).toMatchObject({ phase: 'lost', generation: 1 });
    expect(world.of('reopenStarted')).toEqual([]);
    world.do(callOf('a'));
    expect(world.of('reopenStarted')).toHaveLength(1);
  });

  test('L6: its process ended, its worker lives: no restart', () => {
    const world = held().do(callOf('a')).ends('a', lost()).do(reopened());
    expect(world.session).toMatchObject({ restarts: 0, bindings: { s: { generation: 2 } } });
  });

  test('L6: given up in order: no restart, and the calls under way end before it is opened again', () => {
    const world = held().do(callOf('a')).do({ type: 'released', server: 's', lease: 'first' }).do(callOf('b'));
    expect(phase(world, 'b')).toBe('queued');
    expect(world.of('reopenStarted')).toEqual([]);
    world.ends('a', succeeded());
    expect(world.of('reopenStarted')).toHaveLength(1);
    world.do(reopened());
    expect(phase(world, 'b')).toBe('running');
    expect(world.session.restarts).toBe(0);
  });

  test('L6: a worker that does not answer after it gave the lease up is no death', () => {
    const world = held().do(callOf('a')).do({ type: 'released', server: 's', lease: 'first' }).ends('a', silent());
    expect(world.session.restarts).toBe(0);
  });

  test(
    'U4: a release of a lease that the session does not hold is refused; one that comes before the session ' +
      'knows is kept',
    () => {
      const world = held().do(callOf('a')).ends('a', lost());
      expect(world.refusalOf({ type: 'released', server: 't', lease: 'first' })).toBe('LEASE_LOST');
      world.do({ type: 'released', server: 's', lease: 'second' }).do(reopened());
      expect(world.session.bindings['s']).toMatchObject({ generation: 2, phase: 'reopening' });
      expect(world.refusalOf({ type: 'released', server: 'constructor', lease: 'x' })).toBe('LEASE_LOST');
    },
  );

  test('L4: with whenLost: pause the session pauses, and a resume opens it', () => {
    const world = held(leaseOf('first', 'pause')).do(callOf('a')).ends('a', lost());
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'restart' });
    expect(world.of('reopenStarted')).toEqual([]);
    world.resume().do({
      type: 'opened',
      governance: governanceOf(),
      profileHash: 'profile-v1',
      servers: { s: pinOf(), t: pinOf() },
      leases: { s: { ...leaseOf('second', 'pause'), holder: w2 } },
    });
    expect(world.state.name).toBe('RUNNING');
    expect(world.session.bindings['s']).toMatchObject({ worker: 'w2', generation: 2 });
    expect(phase(world, 'a')).toBe('running');
  });

  test('L5: a resume that finds it lost, with whenLost: pause, falls back to PAUSED', () => {
    const world = held(leaseOf('first', 'pause')).pause().resume();
    world.do({ type: 'leaseLost', server: 's', lease: 'first', why: 'no answer', holderGone: true });
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'restart' });
    expect(world.session.restarts).toBe(1);
  });

  test('L5: a resume that finds it where it was changes nothing', () => {
    const world = held().pause().resume();
    world.do({
      type: 'opened',
      governance: governanceOf({ session: { concurrency: 8 } }),
      profileHash: 'profile-v1',
      servers: { s: pinOf(), t: pinOf() },
      leases: { s: { ...leaseOf('first'), holder: w1 } },
    });
    expect(world.state.name).toBe('RUNNING');
    expect(world.of('bound')).toHaveLength(1);
  });

  test('L5: opened again with other tools, the session is PAUSED (incident)', () => {
    const world = held()
      .do(callOf('a'))
      .ends('a', lost())
      .do(reopened(leaseOf('second'), pinOf(['idempotent', 'irreversible'])));
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
    expect(phase(world, 'a')).toBe('queued');
  });

  test(
    'E3: where it cannot be opened again, the calls that want it fail after three ' + 'attempts, and others go on',
    () => {
      const world = held().do(callOf('a')).ends('a', lost());
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        expect(world.of('reopenStarted')).toHaveLength(attempt);
        world
          .do({ type: 'reopenFailed', server: 's', refusal: { code: 'SERVER_UNAVAILABLE', message: 'no' } })
          .do(callOf(`t${attempt}`, 'read-only', {}, 't'));
        expect(phase(world, `t${attempt}`)).toBe('running');
        world.later(MINUTE);
      }
      expect(world.ended('a')).toMatchObject({ outcome: 'failed', answer: { error: { code: 'SERVER_UNAVAILABLE' } } });
    },
  );

  test('no more calls than the worker makes at once; a busy worker costs no attempt', () => {
    const world = held(leaseOf('first', 'reopen', 2))
      .do(callOf('a'))
      .do(callOf('b'))
      .do(callOf('c'))
      .do(callOf('d', 'irreversible', {}, 't'));
    expect(['a', 'b', 'c', 'd'].map((callId) => phase(world, callId))).toEqual([
      'running',
      'running',
      'queued',
      'running',
    ]);
    world.ends('a', { kind: 'not_sent', code: 'WORKER_BUSY', message: 'no slot', worker: w1 });
    expect(world.session).toMatchObject({ restarts: 0, bindings: { s: { phase: 'held', generation: 1 } } });
    expect(world.open('a')).toMatchObject({ phase: 'running', spent: 0 });
  });
});
