import { describe, expect, test } from 'vitest';
import type { AttemptOutcome } from '../../../protocol/calls/call.ts';
import type { Undo } from '../../../protocol/calls/undo.ts';
import { byOf, callOf, lost, MINUTE, notSent, openedOf, succeeded, unknown, World } from '../world.ts';

const checked: Undo = { tool: 'compensable', checked: true, call: { args: { back: true } } };
const plain: Undo = { tool: 'irreversible', checked: false, call: { args: {} } };
const done = (undo?: Undo): AttemptOutcome => ({ ...succeeded(), ...(undo ? { undo } : {}) });

const checkpoint = (name: string) => ({ type: 'checkpoint', by: byOf(), name }) as const;
const rollback = (to: string | null = null) => ({ type: 'rollback', by: byOf('wrong'), to }) as const;

/** A call that ended with this outcome. */
const made = (world: World, callId: string, outcome: AttemptOutcome, tool = 'compensable'): World =>
  world.do(callOf(callId, tool)).ends(callId, outcome);
const compensations = (world: World): (string | undefined)[] =>
  world.session.open
    .filter(({ compensates }) => compensates !== undefined)
    .map(({ callId, phase }) => `${callId} ${phase}`);

describe('L7: a rollback', () => {
  test('undoes effects one after the other, the last first, and ends the session when it is at its start', () => {
    const world = made(made(World.running(), 'a', done(checked)), 'b', done(plain), 'irreversible').do(rollback());
    expect(world.state.name).toBe('ROLLBACK');
    expect(compensations(world)).toEqual(['undo/1/2 running']);
    world.ends('undo/1/2', succeeded());
    expect(compensations(world)).toEqual(['undo/1/1 running']);
    expect(world.open('undo/1/1')).toMatchObject({ tool: 'compensable', args: { back: true }, effect: 'idempotent' });
    world.ends('undo/1/1', succeeded());
    expect(world.state).toMatchObject({ name: 'FAILED', code: 'ROLLED_BACK' });
    expect(world.of('undone').map(({ what }) => what)).toEqual(['s.irreversible (b)', 's.compensable (a)']);
  });

  test('to a checkpoint leaves what was made before it, drops later checkpoints, and the session can go on', () => {
    const world = made(World.running(), 'a', done(checked)).do(checkpoint('one'));
    made(made(world, 'b', done(checked)).do(checkpoint('two')), 'c', done(checked)).do(rollback('one'));
    world.ends('undo/1/3', succeeded()).ends('undo/1/2', succeeded());
    expect(world.state).toMatchObject({
      name: 'PAUSED',
      cause: 'operator',
      by: 'ann',
      reason: "rolled back to checkpoint 'one' by ann: wrong",
    });
    expect(world.session.checkpoints.map(({ name }) => name)).toEqual(['one']);
    expect(world.resume().do(openedOf()).state.name).toBe('RUNNING');
    // What is undone stays undone: a second rollback undoes what is new, and what stood before the checkpoint.
    made(world, 'd', done(checked)).do(rollback());
    world.ends('undo/2/4', succeeded());
    expect(compensations(world)).toEqual(['undo/2/1 running']);
  });

  test('takes nothing for an effect that was none: reads, calls that were refused, calls that changed nothing', () => {
    const world = made(made(World.running(), 'r', succeeded(), 'read-only'), 'u', {
      kind: 'tool_error',
      result: { content: [] },
      unchanged: true,
    });
    made(world, 'n', { kind: 'failed', code: 'SERVER_REFUSED', message: 'no' }).do(rollback());
    expect(world.state).toMatchObject({ name: 'FAILED', code: 'ROLLED_BACK' });
  });

  test.each<[string, (world: World) => World, string]>([
    [
      'an irreversible call',
      (world) => made(world, 'a', succeeded(), 'irreversible'),
      's.irreversible (a): it is irreversible',
    ],
    [
      'a tool without a compensation',
      (world) => made(world, 'a', succeeded(), 'idempotent'),
      's.idempotent (a): no compensation is declared for the tool',
    ],
    [
      'a call that the worker could not prepare',
      (world) => made(world, 'a', done({ impossible: 'there was something there' })),
      's.compensable (a): there was something there',
    ],
  ])('names what it cannot undo, and why: %s', (_, play, line) => {
    const world = play(World.running()).do(rollback());
    expect(world.of('notUndone').map(({ remains: { what, why } }) => `${what}: ${why}`)).toEqual([line]);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
  });

  test('goes on past a compensation that fails for good, names it, and tries it again when it is asked to', () => {
    const world = made(made(World.running(), 'a', done(checked)), 'b', done(plain)).do(rollback());
    world
      .ends('undo/1/2', { kind: 'tool_error', result: { content: [{ type: 'text', text: 'the disk is full' }] } })
      .ends('undo/1/1', succeeded());
    expect(world.of('notUndone')[0]?.remains).toEqual({
      what: 's.compensable (b)',
      why: 's.irreversible ended as tool_error (the disk is full); mend that and roll back again',
    });
    expect(world.state).toMatchObject({
      name: 'PAUSED',
      cause: 'incident',
      reason: 'rolled back to the start by ann: wrong; not undone: s.compensable (b)',
    });
    world.do(rollback());
    expect(compensations(world)).toEqual(['undo/2/2 running']);
    expect(world.ends('undo/2/2', succeeded()).state.name).toBe('FAILED');
  });

  test('tries a compensation that can be checked three times, whatever became of it', () => {
    const world = made(World.running(), 'a', done(checked)).do(rollback());
    world.ends('undo/1/1', lost()).ends('undo/1/1', { kind: 'tool_error', result: { content: [] } });
    expect(compensations(world)).toEqual(['undo/1/1 queued']);
    world.later(MINUTE);
    expect(compensations(world)).toEqual(['undo/1/1 running']);
    expect(world.ends('undo/1/1', succeeded()).state.name).toBe('FAILED');
  });

  test('never makes a compensation twice that cannot be checked: it is in doubt, and a person settles it', () => {
    const world = made(World.running(), 'a', done(plain)).do(rollback()).ends('undo/1/1', unknown());
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
    expect(world.of('notUndone')[0]?.remains.why).toContain('is in doubt until the call undo/1/1 is resolved');
    world.do({ type: 'resolve', by: byOf(), callId: 'undo/1/1', as: 'succeeded' });
    expect(world.of('undone')).toHaveLength(1);
    expect(world.do(rollback()).state).toMatchObject({ name: 'FAILED', code: 'ROLLED_BACK' });
  });

  test('waits for the calls under way, and refuses those that wait', () => {
    const world = World.running({ session: { concurrency: 1 } })
      .do(callOf('a', 'compensable'))
      .do(callOf('b'))
      .do(rollback());
    expect(compensations(world)).toEqual([]);
    world.ends('a', done(checked));
    expect(world.ended('b')).toMatchObject({ outcome: 'refused', answer: { error: { code: 'CALL_ROLLED_BACK' } } });
    expect(compensations(world)).toEqual(['undo/1/1 running']);
  });

  test(
    'lists calls in doubt; one that is said to have succeeded can be undone with what was found before it was ' +
      'sent',
    () => {
      const world = made(World.running(), 'a', { ...unknown(), undo: checked }).do(rollback());
      expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
      expect(world.of('rollbackEnded')[0]).toMatchObject({ remaining: 1, shown: ['s.compensable (a, in doubt)'] });
      world.do({ type: 'resolve', by: byOf(), callId: 'a', as: 'succeeded' }).do(rollback());
      expect(world.open('undo/2/1')).toMatchObject({ phase: 'running', args: { back: true } });
    },
  );

  test('fails a compensation whose configuration or tool changed, instead of waiting for ever', () => {
    const world = made(World.running(), 'a', done(checked)).do(rollback()).ends('undo/1/1', notSent('CONFIG_CHANGED'));
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
  });

  test('names a range of calls whose page of the undo log is lost', () => {
    const world = made(made(World.running(), 'a', done(checked)), 'b', done(checked));
    world.do({ type: 'pageWritten', ref: { sha256: 'h', bytes: 2, preview: '' }, upTo: 2 });
    made(world, 'c', done(checked)).do(rollback()).ends('undo/1/3', succeeded());
    world.do({ type: 'pageLost', refusal: { code: 'PAYLOAD_MISSING', message: 'gone' } });
    expect(world.of('rollbackEnded')[0]).toMatchObject({
      undone: 1,
      remaining: 2,
      shown: ['calls 1 to 2 of the undo log'],
    });
  });

  test('reads pages back as it comes to them', () => {
    const world = made(made(World.running(), 'a', done(checked)), 'b', done(checked));
    const entries = world.session.undo.recent;
    world.do({ type: 'pageWritten', ref: { sha256: 'h', bytes: 2, preview: '' }, upTo: 2 });
    expect(world.session.undo.recent).toEqual([]);
    world.do(rollback());
    expect(compensations(world)).toEqual([]);
    world
      .do({ type: 'pageRead', page: { before: null, entries } })
      .ends('undo/1/2', succeeded())
      .ends('undo/1/1', succeeded());
    expect(world.state.name).toBe('FAILED');
  });
});

describe('L7: calls that can be undone', () => {
  test('go one after the other at a server, while others go on', () => {
    const world = World.running()
      .do(callOf('a', 'compensable'))
      .do(callOf('b', 'compensable'))
      .do(callOf('c', 'read-only'));
    expect(world.session.open.map(({ callId, phase }) => `${callId} ${phase}`)).toEqual([
      'a running',
      'b queued',
      'c running',
    ]);
    expect(world.ends('a', done(checked)).open('b')?.phase).toBe('running');
  });

  test('keep what was found before the first attempt that was, or may have been, sent', () => {
    const world = World.running()
      .do(callOf('a', 'idempotent'))
      .ends('a', { ...unknown(), undo: checked })
      .later(MINUTE);
    expect(world.open('a')).toMatchObject({ phase: 'running', undo: checked });
    world.ends('a', succeeded()).do(rollback());
    expect(compensations(world)).toEqual(['undo/1/1 running']);
  });
});

describe('L7: checkpoints', () => {
  test('have a name each, which cannot be that of the start', () => {
    const world = World.running().do(checkpoint('a'));
    expect(world.refusalOf(checkpoint('a'))).toBe('CHECKPOINT_EXISTS');
    expect(world.refusalOf(checkpoint('start'))).toBe('MALFORMED_COMMAND');
    expect(world.refusalOf(checkpoint('../x'))).toBe('MALFORMED_COMMAND');
    expect(world.refusalOf(rollback('b'))).toBe('CHECKPOINT_NOT_FOUND');
    for (let n = 1; n < 256; n += 1) world.do(checkpoint(`n${n}`));
    expect(world.refusalOf(checkpoint('one-too-many'))).toBe('CHECKPOINT_LIMIT');
  });

  test('set a plan back: its later steps are new calls', () => {
    const world = World.withPlan([
      { call: 's.compensable' },
      { checkpoint: 'half' },
      { call: 's.compensable', as: 'x', onError: 'pause' },
      { call: 's.read-only' },
    ]);
    world
      .ends('plan/1', done(checked))
      .ends('plan/x', done(checked))
      .do(rollback('half'))
      .ends('plan/4', succeeded())
      .ends('undo/1/2', succeeded());
    world.resume().do(openedOf());
    expect(world.session.plan).toMatchObject({ cursor: 2, round: 2 });
    expect(world.open('plan~2/x')?.phase).toBe('running');
    world.ends('plan~2/x', done(checked)).ends('plan~2/4', succeeded());
    expect(world.state.name).toBe('COMPLETED');
  });

  test('are steps of a plan, as is going back to one; a step that fails can take the session back to its start', () => {
    const back = World.withPlan([{ checkpoint: 'a' }, { call: 's.compensable' }, { rollback: 'a' }])
      .ends('plan/2', done(checked))
      .ends('undo/1/1', succeeded());
    expect(back.state).toMatchObject({
      name: 'PAUSED',
      reason: "rolled back to checkpoint 'a' by drafter@1: step 3 of the plan",
    });
    const failed = World.withPlan([{ call: 's.compensable' }, { call: 's.none', onError: 'rollback' }])
      .ends('plan/1', done(checked))
      .ends('undo/1/1', succeeded());
    expect(failed.state).toMatchObject({ name: 'FAILED', code: 'ROLLED_BACK' });
  });
});
