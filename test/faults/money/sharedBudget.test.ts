import { describe, expect, test } from 'vitest';
import type { SessionHandle } from '../../../client/index.ts';
import { judge } from '../../support/judge.ts';
import type { Point } from '../../support/processes/workerProcess.ts';
import { Scene } from '../../support/scene.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';

/** A call costs 0.1 USD, and no more. */
const CALL = 100_000;
const CONFIG = {
  prices: { calls: { 'journal.append': { call: 0.1 } } },
  budgets: { team: { limit: 0.6, per: 'total', slice: 0.2 } },
};

const open = (): Promise<Scene> =>
  Scene.open({
    address: temporalAddress(),
    config: CONFIG,
    profile: { cost: '{ auditCost: 0, executionCost: 0, complianceCost: 0 }' },
  });

const append = (session: SessionHandle, callId: string) =>
  session.call('journal.append', { text: callId }, { callId }).catch(() => undefined);
const appended = (scene: Scene): number =>
  scene.journal.entries().filter(({ tool, phase }) => tool === 'append' && phase === 'begin').length;

describe.concurrent('C1, C2, L6: sessions over two workers share a budget', () => {
  test.for<Point>(['budget-unasked', 'budget-answered'])(
    'a worker killed at %s: exactly as many calls are made as the budget pays for',
    async (fault, { onTestFinished }) => {
      const scene = await open();
      onTestFinished(() => scene.close());
      const first = await scene.worker({ fault });
      const one = scene.custody.session(await scene.session());
      // Each has more calls than the budget pays for.
      const called = [append(one, 'c0')];
      expect(await first.exited).toMatchObject({ signal: 'SIGKILL', struck: fault });
      await scene.worker({ name: 'beta', inherits: false });
      await scene.worker({ name: 'gamma', inherits: false });
      const two = scene.custody.session(await scene.start());
      called.push(...Array.from({ length: 13 }, (_, n) => append(n % 2 === 0 ? two : one, `c${n + 1}`)));
      await until('both wait for money', async () => {
        const views = await Promise.all([one.describe(), two.describe()]);
        return views.every(({ state, cause }) => state === 'PAUSED' && cause === 'budget');
      });
      expect(await scene.custody.budgets.describe('team')).toMatchObject({ limit: 6 * CALL, overrun: 0 });
      // What one has left the other can have, once it is given back.
      for (let round = 0; appended(scene) < 6 && round < 4; round += 1)
        for (const session of [one, two]) {
          await session.resume({ reason: 'ask again' });
          await until('it waits again', async () => (await session.describe()).state === 'PAUSED');
        }
      expect(appended(scene)).toBe(6);
      for (const session of [one, two]) {
        await session.cancel({ reason: 'enough' });
        await session.wait().catch(() => undefined);
      }
      const { spent, leased, leases } = await scene.custody.budgets.describe('team');
      expect({ spent, leased, leases }).toEqual({ spent: 6 * CALL, leased: 0, leases: [] });
      await Promise.all(called);
      for (const session of [one, two]) await judge(scene, session.id);
    },
  );
});
