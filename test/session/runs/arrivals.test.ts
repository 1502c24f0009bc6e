import { describe, expect, test } from 'vitest';
import type { WorkerIdentity } from '../../../protocol/workers/worker.ts';
import type { AuditRecord } from '../../../protocol/records.ts';
import { toCarry } from '../../../session/capacity/carried.ts';
import { byOf, callOf, inputOf, lost, openedOf, pinOf, succeeded, World } from '../world.ts';

const worker = (name: string, boot = name): WorkerIdentity => ({ name, boot, afterDrain: false });

/** Effects of one type, in order. */
const wanted = <T extends World['effects'][number]['type']>(world: World, type: T) =>
  world.effects.filter((effect): effect is Extract<World['effects'][number], { type: T }> => effect.type === type);

/** The session in its next run, as Temporal hands it over. */
function continueAsNew(world: World): World {
  const { session } = JSON.parse(JSON.stringify(toCarry(world.run))) as ReturnType<typeof toCarry>;
  world.session = session;
  return world;
}

describe("L8, L7: Temporal's cancel that comes while a session is rolled back", () => {
  const inRollback = (): World =>
    World.running()
      .do({ type: 'checkpoint', by: byOf(), name: 'one' })
      .do(callOf('a', 'compensable'))
      .ends('a', { ...succeeded(), undo: { tool: 'compensable', checked: true, call: { args: {} } } })
      .do(callOf('b', 'read-only'))
      .do({ type: 'rollback', by: byOf('wrong'), to: 'one' })
      .do({ type: 'cancelled', runId: 'run-1' });

  test('is kept over continue-as-new, and obeyed once all is undone', () => {
    const world = inRollback().work({ events: 4000 });
    expect(world.run.isDraining).toBe(true);
    world.ends('b', succeeded());
    expect(wanted(world, 'leave')).toEqual([{ type: 'leave', how: 'continue' }]);
    expect(world.state.name).toBe('ROLLBACK');
    continueAsNew(world).ends('undo/1/1', succeeded());
    expect(world.of('undone')).toHaveLength(1);
    expect(world.state).toMatchObject({ name: 'FAILED', code: 'SESSION_CANCELLED' });
  });

  test('is obeyed where the rollback ends in the run in which it came', () => {
    const world = inRollback().ends('b', succeeded()).ends('undo/1/1', succeeded());
    expect(world.state).toMatchObject({ name: 'FAILED', code: 'SESSION_CANCELLED' });
  });
});

describe('L5: an opening that is under way for a state that is left', () => {
  const changed = { type: 'openingOver', facts: [openedOf({}, pinOf(['read-only'], 'v2'))] } as const;

  test('does not answer the resume that came meanwhile: servers are opened anew, with its word on changes', () => {
    const world = World.running().pause();
    const before = wanted(world, 'open').length;
    world.resume().pause().resume(true);
    expect(wanted(world, 'open')).toHaveLength(before + 1);
    world.take(changed);
    expect(world.state).toMatchObject({ name: 'RESUMING', acceptChanges: true });
    expect(world.of('pinned')).toHaveLength(1);
    world.work();
    expect(wanted(world, 'open')).toHaveLength(before + 2);
    world.take(changed);
    expect(world.state.name).toBe('RUNNING');
    expect(world.of('pinned').at(-1)?.accepted).not.toEqual([]);
  });

  test('does not fail the resume that came meanwhile, nor let changes pass that nobody accepted', () => {
    const world = World.running().pause().resume(true).pause().resume();
    const refusal = { code: 'SERVER_UNAVAILABLE', message: 'gone' } as const;
    world.take({ type: 'openingOver', facts: [{ type: 'openFailed', refusal }] });
    expect(world.state.name).toBe('RESUMING');
    world.work().take(changed);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
  });

  test('tells which workers hold connections all the same', () => {
    const world = World.running().pause().resume().pause();
    world.take({ type: 'openingOver', facts: [{ type: 'workersSeen', workers: [worker('w')] }, openedOf()] });
    expect(world.state.name).toBe('PAUSED');
    expect(world.session.workers).toEqual({ w: 'w' });
  });
});

describe('E2: a session that ended', () => {
  const ended = (): World =>
    World.running()
      .do({ type: 'workersSeen', workers: [worker('w')] })
      .do({ type: 'complete', by: byOf() });
  const written = (world: World): AuditRecord[] => wanted(world, 'write').flatMap(({ records }) => [...records]);

  test('is left once its connections are closed, and every record is written before', () => {
    const world = ended();
    expect(world.run.closing).toBe('under way');
    expect(wanted(world, 'leave')).toEqual([]);
    world.take({ type: 'closingOver' });
    world.work();
    expect(world.run.unwritten).toEqual([]);
    expect(world.effects.at(-1)).toEqual({ type: 'leave', how: 'ended' });
  });

  test('writes what is refused of a signal while its connections are closed', () => {
    const world = ended();
    const late = { type: 'pause', by: byOf('too late') } as const;
    world.take({ type: 'command', command: late, via: 'signal' });
    world.take({ type: 'closingOver' });
    world.work();
    expect(written(world).at(-1)).toMatchObject({ n: world.run.record, kind: 'refused', layer: 'compliance' });
    expect(world.effects.map(({ type }) => type).slice(-2)).toEqual(['write', 'leave']);
  });

  test('writes what is refused of a signal that comes in the moment in which they are closed', () => {
    const world = ended();
    world.take({ type: 'closingOver' });
    world.take(inputOf({ type: 'released', server: 's', lease: 'forged' }));
    world.work({ isQuiet: false });
    expect(written(world).at(-1)).toMatchObject({ n: world.run.record, kind: 'refused' });
    expect(wanted(world, 'leave')).toEqual([]);
    world.work();
    expect(world.effects.at(-1)).toEqual({ type: 'leave', how: 'ended' });
  });

  test('with more records than one task can write is left once the last is written', () => {
    const world = World.running();
    const entry = { kind: 'decision', text: 'so be it', data: 'x'.repeat(16_000) } as const;
    for (let n = 0; n < 60; n += 1)
      world.take({ type: 'command', command: { type: 'record', by: byOf(), entry }, via: 'signal' });
    world.take({ type: 'command', command: { type: 'cancel', by: byOf() }, via: 'signal' });
    world.work();
    expect(world.state.name).toBe('FAILED');
    expect(wanted(world, 'leave')).toEqual([]);
    world.take({ type: 'timerFired' });
    world.work();
    expect(written(world).at(-1)?.n).toBe(world.run.record);
    expect(world.effects.slice(-2).map(({ type }) => type)).toEqual(['write', 'leave']);
  });

  test('has written numbers without a gap, whatever was refused', () => {
    const world = ended();
    for (let n = 0; n < 5; n += 1)
      world.take({ type: 'command', command: { type: 'pause', by: byOf() }, via: 'signal' });
    world.take({ type: 'closingOver' });
    world.work();
    const last = written(world).slice(-5);
    expect(last.map(({ n }) => n)).toEqual([4, 3, 2, 1, 0].map((back) => world.run.record - back));
  });
});

describe('L6: workers whose names a session keeps', () => {
  test('are the last 32, however many were seen, and only those are asked to close connections', () => {
    const world = World.running();
    for (let n = 0; n < 100; n += 1) world.do({ type: 'workersSeen', workers: [worker(`w${n}`)] });
    const last = Array.from({ length: 32 }, (_, n) => `w${n + 68}`);
    expect(Object.keys(world.session.workers)).toEqual(last);
    world.do({ type: 'complete', by: byOf() });
    expect(wanted(world, 'close')).toEqual([{ type: 'close', workers: last }]);
  });

  test('stay where they are seen again, and are not asked where they are gone', () => {
    const world = World.running().do({ type: 'workersSeen', workers: [worker('old'), worker('gone')] });
    for (let n = 0; n < 30; n += 1) world.do({ type: 'workersSeen', workers: [worker(`w${n}`)] });
    world.do({ type: 'workersSeen', workers: [worker('old', 'boot 2'), worker('new')] });
    world.do(callOf('a', 'read-only'));
    world.ends('a', lost('unknown', worker('w29'))).ends('a', succeeded());
    world.do({ type: 'cancel', by: byOf() });
    const [{ workers } = { workers: [] }] = wanted(world, 'close');
    expect(workers).toContain('old');
    expect(workers).toContain('new');
    expect(workers).not.toContain('gone');
    expect(workers).not.toContain('w29');
  });
});
