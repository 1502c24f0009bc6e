import { describe, expect, test } from 'vitest';
import type { AgentRecord, SavedState } from '../../protocol/agent.ts';
import { nextInstant } from '../../session/time/instants.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { proseOf } from '../../audit/prose/records.ts';
import { recordOf } from '../../session/records/records.ts';
import { shortViewOf, viewOf } from '../../session/view/view.ts';
import { byOf, callOf, HOUR, MINUTE, openedOf, type Patch, START, succeeded, unknown, World } from './world.ts';

const save = (saved: SavedState) => ({ type: 'saveState', by: byOf(), saved }) as const;
const record = (entry: Partial<AgentRecord>) =>
  ({ type: 'record', by: byOf('', 'agent'), entry: { kind: 'decision', text: 'so it is', ...entry } }) as const;
const usage = (microUsd: number, inputTokens = 0) =>
  record({ kind: 'usage', usage: { model: 'm', inputTokens, outputTokens: 1, microUsd } });
const beat = () => ({ type: 'heartbeat', by: byOf('', 'agent') }) as const;
const ref = (bytes: number) => ({ sha256: 'a'.repeat(64), bytes, preview: 'begins so' });
const lines = (world: World, ...kinds: string[]): string[] =>
  world.events.flatMap((event) => {
    const found = recordOf(event);
    return found && kinds.includes(found.kind) ? [`${found.layer} ${found.kind}: ${proseOf(found)}`] : [];
  });

describe('L10: saveState', () => {
  test('keeps the last state, with who and when', () => {
    const world = World.running()
      .do(save({ value: { step: 1 } }))
      .later(HOUR)
      .do(save({ value: { step: 2 } }));
    expect(world.session.agentState).toEqual({ value: { step: 2 }, at: START + HOUR, actor: 'ann' });
    expect(viewOf(world.session, 1, world.now).agentState).toEqual({
      bytes: 10,
      at: '2026-01-01T01:00:00.000Z',
      actor: 'ann',
      standing: 'claimed',
    });
  });

  test('keeps up to 256 KiB by reference, without its preview', () => {
    const world = World.running().do(save({ ref: ref(LIMITS.agentStateBytes) }));
    expect(world.session.agentState).toMatchObject({
      ref: { sha256: 'a'.repeat(64), bytes: LIMITS.agentStateBytes, preview: '' },
    });
    expect(world.refusalOf(save({ ref: ref(LIMITS.agentStateBytes + 1) }))).toBe('STATE_TOO_LARGE');
    expect(world.refusalOf(save({ value: 'x'.repeat(LIMITS.inlineStateBytes) }))).toBe('STATE_TOO_LARGE');
    expect(world.refusalOf(save({ value: 'x'.repeat(LIMITS.inlineStateBytes - 2) }))).toBeUndefined();
  });

  test('is taken in INIT and in pauses, and not while the session is rolled back or ends', () => {
    expect(new World().refusalOf(save({ value: 1 }))).toBeUndefined();
    expect(
      World.running()
        .pause()
        .refusalOf(save({ value: 1 })),
    ).toBeUndefined();
    const rollingBack = World.running().do(callOf('a')).do({ type: 'rollback', by: byOf(), to: null });
    expect(rollingBack.refusalOf(save({ value: 1 }))).toBe('ILLEGAL_IN_STATE');
    expect(
      World.running()
        .do({ type: 'complete', by: byOf() })
        .refusalOf(save({ value: 1 })),
    ).toBe('SESSION_ENDED');
  });

  test('L7: a rollback to a checkpoint brings back what was saved by then', () => {
    const world = World.running()
      .do(save({ value: 'before' }))
      .do({ type: 'checkpoint', by: byOf(), name: 'here' })
      .do(save({ value: 'after' }));
    world.do({ type: 'rollback', by: byOf(), to: 'here' });
    expect(world.session.agentState).toMatchObject({ value: 'before' });
  });

  test('a repeat of a command id changes nothing', () => {
    const first = save({ value: 1 });
    const world = World.running()
      .do(first)
      .do(save({ value: 2 }))
      .do(first);
    expect(world.session.agentState).toMatchObject({ value: 2 });
  });
});

describe('L10: attach', () => {
  test('says how the session stands, with a bounded number of calls', () => {
    const world = World.running();
    for (let index = 0; index < 120; index += 1) world.do(callOf(`c${index}`)).ends(`c${index}`, succeeded());
    for (let index = 0; index < 150; index += 1) world.do(callOf(`o${index}`));
    world.do({ type: 'attach', by: byOf() });
    const view = shortViewOf(world.session, 1, 50, world.now);
    expect([view.calls.length, view.openCalls.length, view.olderCalls]).toEqual([100, 50, 70]);
    expect(view.calls[49]?.callId).toBe('c119');
  });

  test('is possible until the session has ended', () => {
    const attach = { type: 'attach', by: byOf() } as const;
    for (const world of [new World(), World.running(), World.running().pause(), World.running().pause().resume()])
      expect(world.refusalOf(attach)).toBeUndefined();
    expect(World.running().do({ type: 'cancel', by: byOf() }).refusalOf(attach)).toBe('SESSION_ENDED');
  });
});

describe('E7: record', () => {
  test('adds up usage in whole numbers, once for each command id', () => {
    const first = usage(1_500, 10);
    const world = World.running().do(first).do(first).do(usage(500, 5)).do(record({}));
    expect(viewOf(world.session, 1, world.now).usage).toEqual({ inputTokens: 15, outputTokens: 2, microUsd: 2_000 });
  });

  test('refuses what cannot be counted any more, and keeps the sum', () => {
    const world = World.running().do(usage(1, Number.MAX_SAFE_INTEGER - 1));
    expect(world.refuse(usage(1, 2))).toBe('MALFORMED_COMMAND');
    expect(world.session.usage.microUsd).toBe(1);
  });

  test('drives no command of a person out of the ids that are kept', () => {
    const pause = { type: 'pause', by: byOf() } as const;
    const world = World.running().do(pause).resume().do(openedOf());
    for (let index = 0; index < 1000; index += 1) world.do(record({}));
    expect(world.do(pause).state.name).toBe('RUNNING');
    expect(world.session.agentCommands.length).toBeLessThanOrEqual(256);
  });

  test(
    'money that passes cost.budgetLimit is noted once and pauses the session, and again after a resume under ' +
      'the same limit',
    () => {
      const patch: Patch = { cost: { budgetLimit: 2_000_000 } };
      const world = World.running(patch).do(usage(2_000_000));
      expect(world.state.name).toBe('RUNNING');
      world.do(usage(500_000));
      expect(world.state).toMatchObject({
        name: 'PAUSED',
        cause: 'budget',
        reason: 'the usage that agents recorded is 2.5 USD, and cost.budgetLimit is 2 USD',
      });
      world.resume().do(openedOf(patch)).do(record({})).do(usage(0));
      expect(world.state.name).toBe('RUNNING');
      expect(world.do(usage(1)).state).toMatchObject({ name: 'PAUSED', cause: 'budget' });
      expect(lines(world, 'budget')).toEqual([
        'compliance budget: the usage that agents recorded is 2.5 USD, and cost.budgetLimit is 2 USD',
      ]);
    },
  );
});

describe('L6: session.agentHeartbeat', () => {
  const patch = (rest: Patch = {}): Patch => ({ session: { agentHeartbeat: 5 * MINUTE }, ...rest });

  test('off, an agent may be silent for as long as it likes', () => {
    const world = World.running().later(20 * HOUR);
    expect(world.session.restarts).toBe(0);
  });

  test('an agent that gives no sign is one restart, on record and handled, until it is back', () => {
    const world = World.running(patch()).later(5 * MINUTE - 1);
    expect(world.session.restarts).toBe(0);
    expect(nextInstant(world.session)).toEqual({ at: START + 5 * MINUTE, what: 'heartbeat of the agent' });
    world.later(1).later(HOUR);
    expect(world.session.restarts).toBe(1);
    expect(world.of('reviewDue')).toMatchObject([{ cause: 'restart', at: START + 5 * MINUTE }]);
    expect(viewOf(world.session, 1, world.now).agentLostAt).toBe('2026-01-01T00:05:00.000Z');
    world.do(beat()).later(5 * MINUTE);
    expect(world.session.restarts).toBe(2);
    expect(lines(world, 'restart', 'audit', 'notify', 'agent-back')).toEqual([
      'compliance restart: the agent gave no sign for 5m',
      'compliance audit: the agent gave no sign for 5m',
      'session notify: the agent gave no sign for 5m',
      'session agent-back: the agent gave a sign again',
      'compliance restart: the agent gave no sign for 5m',
      'compliance audit: the agent gave no sign for 5m',
      'session notify: the agent gave no sign for 5m',
    ]);
  });

  test('with onRestart.restore: false, it pauses the session; after a resume the time begins anew', () => {
    const strict = patch({ onRestart: { restore: false } });
    const world = World.running(strict).later(5 * MINUTE);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'restart', reason: 'the agent gave no sign for 5m' });
    world.do(beat()).later(HOUR).resume().do(openedOf(strict));
    // A check is due after a restart, and finds nothing.
    expect(world.state.name).toBe('RUNNING');
    expect(world.later(5 * MINUTE - 1).state.name).toBe('RUNNING');
    expect(world.later(1).state.name).toBe('PAUSED');
  });

  test.each([
    ['a heartbeat', () => beat()],
    ['a record', () => record({})],
    ['a saved state', () => save({ value: 1 })],
    ['an attach', () => ({ type: 'attach', by: byOf() }) as const],
    ['a repeated call', () => callOf('first')],
  ])('%s is a sign', (_, command) => {
    const world = World.running(patch())
      .do(callOf('first'))
      .ends('first', succeeded())
      .later(4 * MINUTE)
      .do(command())
      .later(4 * MINUTE);
    expect(world.session.restarts).toBe(0);
    expect(world.later(MINUTE).session.restarts).toBe(1);
  });

  test('so is a refused call', () => {
    const world = World.running(patch()).later(4 * MINUTE);
    expect(world.refuse(callOf('x', 'none'))).toBe('UNKNOWN_TOOL');
    expect(world.later(4 * MINUTE).session.restarts).toBe(0);
  });

  test('is not asked for while a call is under way: the agent waits for it; a call in doubt waits for a person', () => {
    const world = World.running(patch()).do(callOf('long')).later(HOUR);
    expect(world.session.restarts).toBe(0);
    world.ends('long', succeeded()).later(5 * MINUTE);
    expect(world.session.restarts).toBe(1);
    const doubtful = World.running(patch())
      .do(callOf('a'))
      .ends('a', unknown())
      .do(beat())
      .later(5 * MINUTE);
    expect(doubtful.session.restarts).toBe(1);
  });

  test('is not asked for in a pause, nor while a plan drives the session', () => {
    expect(
      World.running(patch())
        .pause()
        .later(10 * HOUR).session.restarts,
    ).toBe(0);
    const world = World.withPlan([{ wait: HOUR }], patch(), { keepOpen: true }).later(HOUR - 1);
    expect(world.session.restarts).toBe(0);
    expect(world.later(1).later(5 * MINUTE).session.restarts).toBe(1);
  });
});
