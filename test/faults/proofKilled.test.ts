import { beforeAll, describe, expect, test } from 'vitest';
import { entryOf, type Somebody, somebody } from '../support/identity/people.ts';
import { judge } from '../support/judge.ts';
import { Scene } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';

let ann: Somebody;
beforeAll(async () => {
  ann = await somebody('ann');
});

describe.concurrent('a worker killed while it checks a proof', () => {
  test.for(['the same worker', 'another worker'] as const)(
    'L6, A5: %s takes over, and the command takes effect once, with what came after it behind it',
    async (next, { onTestFinished }) => {
      const scene = await Scene.open({ address: temporalAddress(), principals: entryOf(ann, ['operator']) });
      onTestFinished(() => scene.close());
      const first = await scene.worker({ fault: 'in-proof' });
      // On a busy machine a worker may take its time.
      const id = await scene.start({}, { proofWait: 600_000 });
      const session = scene.custody.as('ann', { key: ann.file }).session(id);
      await until('it runs', async () => (await session.describe()).state === 'RUNNING');
      const before = Date.parse((await session.describe()).deadlineAt!);
      const extended = session.extend(60_000, { reason: 'more time' });
      extended.catch(() => undefined);
      expect((await first.exited).struck).toBe('in-proof');
      const paused = scene.custody.session(id).pause({ reason: 'after it' });
      await scene.worker(next === 'the same worker' ? {} : { name: 'beta', inherits: false });

      expect(await extended).toMatchObject({ ok: true, proof: { key: ann.id } });
      expect(await paused).toMatchObject({ state: 'PAUSED' });
      const view = await session.describe();
      expect(Date.parse(view.deadlineAt!) - before).toBe(60_000);
      await expectWork(scene, id);
      const { entries } = await judge(scene, id);
      const said = entries.filter(({ by }) => by === 'ann' || by === 'tester').map(({ kind, by }) => `${kind} ${by}`);
      expect(said.filter((each) => each === 'extended ann')).toHaveLength(1);
      expect(said.indexOf('extended ann')).toBeLessThan(said.indexOf('transition tester'));
    },
  );

  test('L6, A5: with nobody to take over in time, the command is refused by code, and can be given again', async ({
    onTestFinished,
  }) => {
    const scene = await Scene.open({ address: temporalAddress(), principals: entryOf(ann, ['operator']) });
    onTestFinished(() => scene.close());
    const first = await scene.worker({ fault: 'in-proof' });
    const id = await scene.start({}, { proofWait: 2000 });
    const session = scene.custody.as('ann', { key: ann.file }).session(id);
    await until('it runs', async () => (await session.describe()).state === 'RUNNING');
    const before = (await session.describe()).deadlineAt;
    const refused = expect(session.extend(60_000)).rejects.toMatchObject({ code: 'PROOF_UNCHECKED' });
    expect((await first.exited).struck).toBe('in-proof');
    await until('Temporal has given the check up', () => isOver(scene, id), 30_000);
    await scene.worker();
    await refused;
    expect((await session.describe()).deadlineAt).toBe(before);
    expect(await session.extend(60_000)).toMatchObject({ ok: true });
    await judge(scene, id);
  });
});

/** It goes on as any session does. */
async function expectWork(scene: Scene, id: string): Promise<void> {
  await scene.custody.as('ann', { key: ann.file }).session(id).resume({ reason: 'on' });
  expect(await scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'c' })).toMatchObject({
    outcome: 'succeeded',
  });
}

/** Has Temporal given the check up? It does so by itself. */
async function isOver(scene: Scene, id: string): Promise<boolean> {
  const { raw } = await scene.custody.temporal.workflow.getHandle(id).describe();
  return (raw.pendingActivities ?? []).length === 0;
}
