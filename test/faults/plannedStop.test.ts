import { describe, expect, test } from 'vitest';
import { judge } from '../support/judge.ts';
import { Scene } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';

/** The workers that run while the first one is told to go, and the name that the next gets. */
const STOPS = [
  { how: 'stopped, and started again afterwards', name: 'alpha', rolling: false, gets: 'alpha' },
  { how: 'a rolling deploy under the same name', name: 'alpha', rolling: true, gets: 'alpha-2' },
  { how: 'a rolling deploy under another name', name: 'beta', rolling: true, gets: 'beta' },
];

describe.concurrent('a worker stopped with SIGTERM while calls are under way', () => {
  test.for(STOPS)(
    'L6: $how: the calls succeed, and it is no restart',
    async ({ name, rolling, gets }, { onTestFinished }) => {
      const scene = await Scene.open({ address: temporalAddress() });
      onTestFinished(() => scene.close());
      const first = await scene.worker();
      const id = await scene.session();
      const calls = [
        scene.custody.session(id).call('journal.append', { text: 'x', gate: 'end' }, { callId: 'a' }),
        scene.custody.session(id).call('journal.lookup', { key: 'k', gate: 'end' }, { callId: 'r' }),
      ];
      await until(
        'both at the server',
        () => scene.journal.of(id, 'a') === 'begin' && scene.journal.of(id, 'r') === 'begin',
      );

      const early = rolling ? await scene.worker({ name }) : undefined;
      const stopped = first.stop();
      await first.stopping;
      expect(['a', 'r'].map((callId) => scene.journal.of(id, callId))).toEqual(['begin', 'begin']);
      scene.journal.open('end');
      expect(await stopped).toMatchObject({ code: 0, signal: null });
      const next = early ?? (await scene.worker({ name }));
      expect(next.name).toBe(gets);

      expect(await Promise.all(calls)).toMatchObject([
        { outcome: 'succeeded', attempts: 1 },
        { outcome: 'succeeded', attempts: 1 },
      ]);
      expect(await scene.custody.session(id).call('journal.append', { text: 'y' }, { callId: 'b' })).toMatchObject({
        outcome: 'succeeded',
        attempts: 1,
      });
      expect(['a', 'r', 'b'].map((callId) => scene.journal.of(id, callId))).toEqual([
        'begin end',
        'begin end',
        'begin end',
      ]);
      expect((await judge(scene, id)).fellSilent).toEqual([]);
      expect(await scene.custody.session(id).describe()).toMatchObject({
        state: 'RUNNING',
        restarts: 0,
        openCalls: [],
      });
    },
  );
});
