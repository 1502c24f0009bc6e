import { expect, test } from 'vitest';
import { type OlderIds, withOlder } from '../../../session/calls/ledger/olderIds.ts';
import { detailsOf } from '../../../session/view/details.ts';
import { callOf, succeeded, World } from '../world.ts';

/** Milliseconds that the fastest of many batches of calls takes: what else the machine does slows the others. */
function fastest(world: World, from: number): number {
  let [best, next] = [Infinity, from];
  for (let batch = 0; batch < 40; batch += 1) {
    const start = performance.now();
    for (let index = 0; index < 10; index += 1) {
      const id = `call-${(next += 1)}`;
      world.do(callOf(id, 'read-only')).ends(id, succeeded());
      detailsOf(world.session);
      world.events.length = 0;
    }
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

test('L8: a call costs the rules hardly more after 50,000 calls than after 1,000', () => {
  const world = World.running();
  for (let index = 0; index < 1000; index += 1)
    world.do(callOf(`c${index}`, 'read-only')).ends(`c${index}`, succeeded());
  const few = fastest(world, 0);
  world.session = {
    ...world.session,
    older: Array.from({ length: 50_000 }, (_, index) => `old-${index}`).reduce<OlderIds>(withOlder, {}),
  };
  const many = fastest(world, 10_000);
  // What grew with the calls would be fifty times as much.
  expect(many / few).toBeLessThan(10);
});
