import { describe, expect, test } from 'vitest';
import { forkOf } from '../../../session/lifecycle/fork.ts';
import { weigh } from '../../../session/capacity/weight.ts';
import { byOf, callOf, HOUR, openedOf, START, succeeded, World } from '../world.ts';

const BY = { actor: 'ann', reason: 'the other layout' };
const RUNS = { agent: 'drafter@1', profile: 'standard', servers: ['s'] };
const checkpoint = (name: string) => ({ type: 'checkpoint', by: byOf(), name }) as const;

function forked(parent: World, at = 'one'): World {
  const decision = forkOf(parent.session, 'fork-1', { at, by: BY }, parent.now);
  if (!decision.ok) throw new Error(decision.refusal.code);
  const world = new World();
  world.now = parent.now;
  world.session = decision.session;
  return world.do({ type: 'forked', parent: parent.session.id, at, ...BY, ...RUNS });
}

describe('L9: a fork', () => {
  test('opens its servers and compares them with the pins of its parent, then runs', () => {
    const parent = World.running().do(checkpoint('one'));
    const fork = forked(parent);
    expect(fork.session).toMatchObject({
      id: 'fork-1',
      parent: { id: 'session-1', at: 'one' },
      state: { name: 'RESUMING' },
      servers: parent.session.servers,
      profileHash: 'profile-v1',
    });
    expect(fork.do(openedOf()).state.name).toBe('RUNNING');
    expect(forked(parent).do({ ...openedOf(), profileHash: 'another' } as never).state).toMatchObject({
      name: 'PAUSED',
      cause: 'incident',
    });
  });

  test('keeps the deadline with its extensions, what was counted and spent, and the review that is due', () => {
    const parent = World.running({ reviews: { extra: 'person' } })
      .do(callOf('a'))
      .ends('a', succeeded())
      .do({ type: 'extend', by: byOf(), ms: HOUR })
      .do(checkpoint('one'))
      .do(callOf('b'))
      .ends('b', succeeded());
    parent.do({ type: 'recovered', from: 'run-1', actor: 'ann', reason: 'x' });
    const fork = forked(parent.later(HOUR));
    expect(fork.session.clock).toMatchObject({ deadlineAt: START + 25 * HOUR, extended: HOUR });
    expect(fork.session).toMatchObject({
      counts: { calls: 2 },
      usage: parent.session.usage,
      approvals: [{ id: 'a1', subject: { review: 'extra', causes: ['restart'] } }],
      startedAt: START,
    });
    expect(fork.do(openedOf()).state.name).toBe('AUDIT');
    const finding = 'nothing was lost';
    fork.do({ type: 'review', by: byOf('', 'bob'), review: 'a1', finding, verdict: 'passed' });
    expect(fork.state.name).toBe('RUNNING');
    expect(fork.later(24 * HOUR).state.name).toBe('PAUSED');
    expect(fork.refusalOf({ type: 'extend', by: byOf(), ms: 24 * HOUR })).toBe('EXTENSION_TOO_LONG');
  });

  test(
    'has a ledger and an undo log of its own: it undoes nothing of its parent, and an id of its parent is a ' +
      'new call',
    () => {
      const parent = World.running().do(callOf('a')).ends('a', succeeded()).do(checkpoint('one'));
      const fork = forked(parent).do(openedOf()).do(callOf('a'));
      expect(fork.of('attemptStarted')).toMatchObject([{ callId: 'a', attempt: 1 }]);
      expect(fork.session).toMatchObject({ checkpoints: [], undo: { last: 0 } });
    },
  );

  test('goes on with the plan where it stood at the checkpoint, with the results of the steps before', () => {
    const parent = World.withPlan([
      { call: 's.read-only', as: 'found' },
      { checkpoint: 'one' },
      { call: 's.irreversible', args: { text: '${found.content.0.text}' } },
    ]);
    parent.ends('plan/found', succeeded('here'));
    const fork = forked(parent).do(openedOf());
    expect(fork.session.open).toMatchObject([{ callId: 'plan/3', args: { text: 'here' } }]);
  });

  test('is refused without the checkpoint, past the deadline, and from a session that was reset', () => {
    const parent = World.running().do(checkpoint('one'));
    const refusal = (world: World, at = 'one', now = world.now) => {
      const each = forkOf(world.session, 'fork-1', { at, by: BY }, now);
      return each.ok ? undefined : each.refusal.code;
    };
    expect(refusal(parent, 'two')).toBe('CHECKPOINT_NOT_FOUND');
    expect(refusal(parent, 'one', START + 24 * HOUR)).toBe('DEADLINE_PASSED');
    expect(refusal(World.running().do(checkpoint('one')).do({ type: 'reset' }))).toBe('SESSION_RESET');
    expect(
      refusal(World.running().do(checkpoint('one')).do({ type: 'complete', by: byOf() })),
      'an ended session can be forked',
    ).toBeUndefined();
  });

  test('of a parent whose paused time does not count has the deadline that its parent would have now', () => {
    const parent = World.running({ session: { pausedTimeCounts: false } })
      .do(checkpoint('one'))
      .pause()
      .later(3 * HOUR);
    expect(forked(parent).session.clock.deadlineAt).toBe(START + 27 * HOUR);
  });

  test('is weighed as a session of its own', () => {
    const { session } = forked(World.running().do(checkpoint('one')));
    expect(session.weight).toBeGreaterThanOrEqual(weigh(session));
  });
});
