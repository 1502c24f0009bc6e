import { expect, test } from 'vitest';
import type { Undo } from '../../../protocol/calls/undo.ts';
import { byOf, callOf, succeeded, unknown, World } from '../world.ts';

const checked: Undo = { tool: 'compensable', checked: true, call: { args: { back: true } } };
const rollback = () => ({ type: 'rollback', by: byOf('wrong'), to: null }) as const;
const undoing = (world: World): (string | undefined)[] =>
  world.session.open.filter(({ compensates }) => compensates !== undefined).map(({ callId }) => callId);

test('L7: a rollback names what is said to have happened while it is under way, and the next one undoes it', () => {
  const world = World.running()
    .do(callOf('a', 'compensable'))
    .ends('a', { ...succeeded(), undo: checked });
  world
    .do(callOf('b', 'compensable'))
    .ends('b', { ...unknown(), undo: checked })
    .do(rollback());
  expect(undoing(world)).toEqual(['undo/1/1']);
  world.do({ type: 'resolve', callId: 'b', as: 'succeeded', by: byOf('it is there') });
  expect(undoing(world)).toEqual(['undo/1/1']);
  world.ends('undo/1/1', succeeded());
  expect(world.of('rollbackEnded')[0]).toMatchObject({ undone: 1, remaining: 1, shown: ['s.compensable (b)'] });
  expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'incident' });
  world.do(rollback()).ends('undo/2/2', succeeded());
  expect(world.of('rollbackEnded')[1]).toMatchObject({ undone: 1, remaining: 0 });
});
