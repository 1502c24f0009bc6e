import { describe, expect, test } from 'vitest';
import { LIMITS } from '../../../protocol/limits.ts';
import { callOf, MINUTE, openedOf, pinOf, succeeded, World } from '../world.ts';

/** Events of a run at which it is left when idle, in these tests. */
const SOFT = 2000;

/** A session with a call under way whose tool may take that long, and one that waits to be asked. */
function during(timeout: number): World {
  const pin = pinOf();
  const tools = { ...pin.tools, irreversible: { ...pin.tools['irreversible']!, timeout } };
  return new World().do(openedOf({}, { ...pin, tools })).do(callOf('long'));
}

const left = (world: World): unknown[] => world.effects.filter(({ type }) => type === 'leave');

describe('L8: a run makes place for the next', () => {
  test('at once where nothing is under way, after the soft limit of events', () => {
    const world = World.running().work({ events: SOFT - 1 });
    expect([world.run.isDraining, left(world)]).toEqual([false, []]);
    world.work({ events: SOFT });
    expect(left(world)).toEqual([{ type: 'leave', how: 'continue' }]);
  });

  test('not where a call is under way, before twice that', () => {
    const world = during(MINUTE).work({ events: 2 * SOFT - 1 });
    expect(world.run.isDraining).toBe(false);
  });

  test.each([
    ['at twice that many events', { events: 2 * SOFT }],
    ['where the server says that it is long', { isLong: true }],
  ])('%s, where the calls under way end soon: none is started until then', (_, history) => {
    const world = during(5 * MINUTE).work(history);
    expect(world.run.isDraining).toBe(true);
    world.do(callOf('next'));
    expect(world.open('next')?.phase).toBe('queued');
    expect(left(world)).toEqual([]);
    world.ends('long', succeeded());
    expect(world.open('next')?.phase).toBe('queued');
  });

  test('not at twice that for a call that may take longer than 5 minutes: all others go on', () => {
    const world = during(5 * MINUTE + 1).work({ events: 2 * SOFT, isLong: true });
    expect(world.run.isDraining).toBe(false);
    world.do(callOf('next', 'read-only'));
    expect(world.open('next')?.phase).toBe('running');
    world.work({ events: 10 * SOFT - 1, isLong: true });
    expect(world.run.isDraining).toBe(false);
  });

  test.each([
    ['at ten times that many events', { events: 10 * SOFT }],
    ['at 20 MiB of history', { bytes: LIMITS.historyBytes }],
  ])('%s, whatever it waits for', (_, history) => {
    const world = during(24 * 60 * MINUTE).work(history);
    expect(world.run.isDraining).toBe(true);
    world.do(callOf('next', 'read-only'));
    expect(world.open('next')?.phase).toBe('queued');
  });
});
