import { describe, expect, test } from 'vitest';
import type { WorkerIdentity } from '../../../protocol/workers/worker.ts';
import { callOf, lost, MINUTE, succeeded, World } from '../world.ts';

const worker = (name: string, boot: string, afterDrain = false): WorkerIdentity => ({ name, boot, afterDrain });

/** How an attempt ended: by a worker's answer, or lost with one that is known or not. */
type End = WorkerIdentity | { readonly lost: WorkerIdentity | null; readonly after?: number };

function restartsAfter(ends: readonly End[]): number {
  const world = World.running({ session: { concurrency: 16 } });
  ends.forEach((_, index) => world.do(callOf(`c${index}`)));
  ends.forEach((end, index) => {
    if (!('lost' in end)) world.ends(`c${index}`, { ...succeeded(), worker: end });
    else world.later(end.after ?? 0).ends(`c${index}`, lost('unknown', end.lost ?? undefined));
  });
  return world.session.restarts;
}

describe('L6: a restart', () => {
  test.each<readonly [string, number, readonly End[]]>([
    [
      'two workers that alternate are none',
      0,
      [worker('a', '1'), worker('b', '1'), worker('a', '1'), worker('b', '1')],
    ],
    ['a new name is none', 0, [worker('a', '1'), worker('b', '2')]],
    ['a new boot under a name already seen is one', 1, [worker('a', '1'), worker('a', '2')]],
    ['a new boot after a drained stop is none', 0, [worker('a', '1'), worker('a', '2', true)]],
    ['an attempt lost with a worker is one', 1, [{ lost: worker('a', '1') }]],
    ['several attempts lost with one boot are one', 1, [{ lost: worker('a', '1') }, { lost: worker('a', '1') }]],
    [
      'a loss and the boot that follows it are one',
      1,
      [worker('a', '1'), { lost: worker('a', '1') }, worker('a', '2')],
    ],
    [
      'a loss that is told late, after the next boot was seen, is the same one',
      1,
      [worker('a', '1'), { lost: worker('a', '1') }, worker('a', '2'), { lost: worker('a', '1') }],
    ],
    [
      'a boot that was seen before its predecessor was missed is the same one',
      1,
      [worker('a', '1'), worker('a', '2'), { lost: worker('a', '1') }],
    ],
    [
      'an answer of a lost worker that comes late is no other',
      1,
      [{ lost: worker('a', '1') }, worker('a', '2'), worker('a', '1'), worker('a', '2')],
    ],
    ['a second loss is a second', 2, [{ lost: worker('a', '1') }, worker('a', '2'), { lost: worker('a', '2') }]],
    ['two workers lost are two', 2, [{ lost: worker('a', '1') }, { lost: worker('b', '2') }]],
    ['a loss whose worker is not known is one', 1, [{ lost: null }]],
    [
      'the boot that follows a loss whose worker is not known is the same one',
      1,
      [worker('a', '1'), { lost: null }, worker('a', '2')],
    ],
    ['losses at once, none of which names its worker, are one', 1, [{ lost: null }, { lost: null }]],
    [
      'a loss that is named a minute after one that was not is the same one',
      1,
      [{ lost: null }, { lost: worker('a', '1'), after: MINUTE }],
    ],
    ['a name that objects inherit is a name', 1, [worker('constructor', '1'), worker('constructor', '2')]],
  ])('%s', (_, count, ends) => {
    expect(restartsAfter(ends)).toBe(count);
  });

  test('is on record with the call that it hit', () => {
    const world = World.running()
      .do(callOf('a'))
      .ends('a', lost('unknown', worker('w', '1')));
    expect(world.of('restarted')).toMatchObject([{ worker: worker('w', '1'), lost: true, callId: 'a' }]);
  });

  test('that is found out by the outcome of a call counts as one, and the outcome holds', () => {
    const world = World.running()
      .do(callOf('a'))
      .ends('a', { ...succeeded(), worker: worker('w', '1'), workerLost: true });
    expect(world.session.restarts).toBe(1);
    expect(world.ended('a')?.outcome).toBe('succeeded');
  });
});
