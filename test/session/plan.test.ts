import { describe, expect, test } from 'vitest';
import { nextInstant } from '../../session/time/instants.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { carry } from '../../session/capacity/carried.ts';
import { byOf, callOf, HOUR, openedOf, START, succeeded, textOf, unknown, World } from './world.ts';

const toolError = { kind: 'tool_error', result: textOf('no such file') } as const;

describe('E6: a plan', () => {
  test('runs its steps in order, with results put into later arguments, and completes the session', () => {
    const world = World.withPlan([
      { call: 's.read-only', as: 'draft' },
      { call: 's.irreversible', args: { text: 'got ${draft.content.0.text}' } },
    ]);
    expect(world.session.open.map(({ callId }) => callId)).toEqual(['plan/draft']);
    world.ends('plan/draft', succeeded('hello'));
    expect(world.session.open).toMatchObject([{ callId: 'plan/2', args: { text: 'got hello' }, actor: 'drafter@1' }]);
    world.ends('plan/2', succeeded());
    expect(world.state).toEqual({ name: 'COMPLETED', reason: 'the plan is done' });
  });

  test('runs the members of a group together and goes on when all are done', () => {
    const world = World.withPlan([
      { parallel: [{ call: 's.read-only' }, { call: 's.idempotent' }, { wait: 2000 }] },
      { call: 's.irreversible' },
    ]);
    expect(world.session.open.map(({ callId, phase }) => [callId, phase])).toEqual([
      ['plan/1.1', 'running'],
      ['plan/1.2', 'running'],
    ]);
    world.ends('plan/1.2', succeeded()).ends('plan/1.1', succeeded());
    expect(world.session.open).toEqual([]);
    expect(nextInstant(world.session)).toEqual({ at: START + 2000, what: 'wait of the plan' });
    expect(world.later(2000).session.open.map(({ callId }) => callId)).toEqual(['plan/2']);
  });

  test('waits while the session is paused, and goes on after it', () => {
    const world = World.withPlan([{ wait: HOUR }, { call: 's.irreversible' }])
      .pause()
      .later(2 * HOUR);
    expect(world.session.plan?.cursor).toBe(0);
    expect(
      world
        .resume()
        .do(openedOf())
        .session.open.map(({ callId }) => callId),
    ).toEqual(['plan/2']);
  });

  test('L8: keeps the results that come in during a pause, however many answers the next run leaves behind', () => {
    const big = 'x'.repeat(60_000);
    const world = World.withPlan([
      { parallel: ['a', 'b', 'c', 'd'].map((as) => ({ call: 's.read-only', as })) },
      { call: 's.irreversible', args: { text: '${a.content.0.text} ${d.content.0.text}' } },
    ]).pause();
    for (const [name, text] of [
      ['a', 'first'],
      ['b', big],
      ['c', big],
      ['d', 'last'],
    ] as const)
      world.ends(`plan/${name}`, succeeded(text));
    world.session = {
      ...world.session,
      ended: world.session.ended.map((each) => ({ ...each, answer: null, bytes: 0 })),
      endedBytes: 0,
    };
    world.session = carry(world.session);
    world.resume().do(openedOf());
    expect(world.open('plan/2')?.args).toEqual({ text: 'first last' });
  });

  test('holds while a call of it is in doubt; a person who resolves it lets it go on, without a result', () => {
    const world = World.withPlan([{ call: 's.irreversible' }, { call: 's.read-only' }])
      .ends('plan/1', unknown())
      .later(HOUR);
    expect(world.session.plan?.cursor).toBe(0);
    world.do({ type: 'resolve', by: byOf(), callId: 'plan/1', as: 'succeeded' });
    expect(world.session.open.map(({ callId }) => callId)).toEqual(['plan/2']);
  });

  test('that is done leaves the session open with keepOpen, and while calls from outside are open', () => {
    expect(World.withPlan([], {}, { keepOpen: true }).state.name).toBe('RUNNING');
    const world = World.withPlan([{ wait: 1000 }])
      .do(callOf('a'))
      .later(1000);
    expect(world.state.name).toBe('RUNNING');
    expect(world.ends('a', succeeded()).state.name).toBe('COMPLETED');
  });

  test('without one, a session stays RUNNING until it is told to end', () => {
    expect(World.running().later(HOUR).state.name).toBe('RUNNING');
  });
});

describe('E6: a step that fails', () => {
  test.each([
    ['fail', 'FAILED'],
    ['continue', 'COMPLETED'],
    ['pause', 'PAUSED'],
  ] as const)('with onError: %s leads to %s', (onError, state) => {
    const world = World.withPlan([{ call: 's.irreversible', onError }]).ends('plan/1', toolError);
    expect(world.state.name).toBe(state);
    if (world.state.name === 'FAILED')
      expect(world.state).toMatchObject({
        code: 'PLAN_STEP_FAILED',
        reason: 'step 1 of the plan: s.irreversible (plan/1) ended as tool_error: no such file',
      });
    if (world.state.name === 'PAUSED') expect(world.resume().do(openedOf()).state.name).toBe('COMPLETED');
  });

  test('may be one that was never called: an unknown tool, a reference to nothing', () => {
    expect(World.withPlan([{ call: 's.none' }]).state).toMatchObject({ name: 'FAILED', code: 'PLAN_STEP_FAILED' });
    const world = World.withPlan([
      { call: 's.read-only', as: 'one' },
      { call: 's.read-only', args: { x: '${one.content.5.text}' } },
    ]).ends('plan/one', succeeded());
    expect(world.state).toMatchObject({
      name: 'FAILED',
      code: 'PLAN_REFERENCE_MISSING',
      reason: 'step 2 of the plan: ${one.content.5.text} is not in the result of one',
    });
  });

  test('leaves nothing for later references', () => {
    const world = World.withPlan([
      { call: 's.read-only', as: 'one', onError: 'continue' },
      { call: 's.read-only', args: { x: '${one}' } },
    ]).ends('plan/one', toolError);
    expect(world.state).toMatchObject({ name: 'FAILED', code: 'PLAN_REFERENCE_MISSING' });
  });

  test('lets the other members of its group end first', () => {
    const world = World.withPlan([{ parallel: [{ call: 's.irreversible' }, { call: 's.compensable' }] }]).ends(
      'plan/1.1',
      toolError,
    );
    expect(world.state).toMatchObject({ name: 'AUDIT', then: { name: 'FAILED' } });
    expect(world.ends('plan/1.2', succeeded()).state.name).toBe('FAILED');
    expect(world.ended('plan/1.2')?.outcome).toBe('succeeded');
  });
});

test('E6: results that later steps refer to are kept up to a number of bytes; others are not kept at all', () => {
  const text = 'x'.repeat(LIMITS.resultBytes - 1000);
  const steps = ['a', 'b', 'c', 'd'].map((as) => ({ call: 's.read-only', as }));
  const unused = World.withPlan(steps);
  for (const id of ['a', 'b', 'c', 'd']) unused.ends(`plan/${id}`, succeeded(text));
  expect(unused.state.name).toBe('COMPLETED');
  expect(unused.session.plan?.results).toEqual({});

  const used = World.withPlan([
    ...steps,
    {
      call: 's.read-only',
      args: Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, `\${${name}.content.0.text}`])),
    },
  ]);
  for (const id of ['a', 'b', 'c', 'd']) if (used.state.name === 'RUNNING') used.ends(`plan/${id}`, succeeded(text));
  expect(used.state).toMatchObject({ name: 'FAILED', code: 'RESULT_TOO_LARGE' });
});

test('E6: a group larger than the session can carry is called as places become free', () => {
  const args = { text: 'x'.repeat(LIMITS.argumentBytes - 100) };
  const world = World.withPlan([{ parallel: Array.from({ length: 10 }, () => ({ call: 's.read-only', args })) }]);
  expect(world.session.open).toHaveLength(
    Math.floor(LIMITS.openBytes / (LIMITS.argumentBytes - 100 + '{"text":""}'.length)),
  );
  for (let index = 1; index <= 10; index += 1) world.ends(`plan/1.${index}`, succeeded());
  expect(world.state.name).toBe('COMPLETED');
});
