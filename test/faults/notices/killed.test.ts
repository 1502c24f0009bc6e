import { describe, expect, test } from 'vitest';
import type { SessionHandle } from '../../../client/index.ts';
import { judge } from '../../support/judge.ts';
import { reaching, spend } from '../../support/notices/place.ts';
import { type Answer, Receiver } from '../../support/notices/receiver.ts';
import type { NoticePoint } from '../../support/processes/workerProcess.ts';
import { Scene } from '../../support/scene.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';

interface Place {
  readonly scene: Scene;
  readonly receiver: Receiver;
  close(): Promise<void>;
}

async function open(answer?: Answer): Promise<Place> {
  const receiver = await Receiver.start(answer);
  const scene = await Scene.open({
    address: temporalAddress(),
    config: { notices: { to: { ops: reaching(receiver) } } },
    profile: {
      cost: '{ auditCost: 0, executionCost: 0, complianceCost: 0, budgetLimit: 100, costAlert: [10, 20, 30, 40] }',
    },
  });
  return { scene, receiver, close: () => scene.close().then(() => receiver.stop()) };
}

/** The notices of a session by its records, in their order. */
async function noticesIn(session: SessionHandle): Promise<string[]> {
  const ids: string[] = [];
  for await (const { kind, text, record } of session.watch({ follow: false }))
    if (kind === 'notify' || (kind === 'transition' && text.includes('-> COMPLETED')))
      ids.push(`${session.id}/${record}`);
  return ids;
}

describe.concurrent('C3, L6: a worker killed in mid-notice', () => {
  test('while it delivers: the notice comes again under its id, and then the others, in order', async ({
    onTestFinished,
  }) => {
    let killed = (): void => undefined;
    const isKilled = new Promise<void>((resolve) => (killed = resolve));
    const { scene, receiver, close } = await open((_, nth) => (nth === 1 ? isKilled.then(() => 500) : 204));
    onTestFinished(close);
    const first = await scene.worker();
    const id = await scene.session();
    const session = scene.custody.session(id);
    await spend(session, 25);
    await until('the receiver has the first, and has not answered', () => receiver.received.length > 0);
    await first.kill();
    killed();
    await scene.worker();
    await session.complete({ reason: 'done' });
    await session.wait();
    await until('all came', () => receiver.ids.length === 3);
    expect(receiver.ids).toEqual(await noticesIn(session));
    expect(receiver.received.filter((each) => each.id === receiver.ids[0])).toHaveLength(2);
    expect(receiver.received.every(({ event }) => event)).toBe(true);
    await judge(scene, id);
  });

  test.for<NoticePoint>(['notice-unpassed', 'notice-passed'])(
    'at %s: no notice is lost, and none overtakes another',
    async (fault, { onTestFinished }) => {
      const { scene, receiver, close } = await open();
      onTestFinished(close);
      const first = await scene.worker({ fault });
      const id = await scene.session();
      const session = scene.custody.session(id);
      await spend(session, 15);
      expect(await first.exited).toMatchObject({ signal: 'SIGKILL', struck: fault });
      await scene.worker();
      await spend(session, 20);
      await session.complete({ reason: 'done' });
      await session.wait();
      await until('all came', () => receiver.ids.length === 4);
      expect(receiver.ids).toEqual(await noticesIn(session));
      await judge(scene, id);
    },
  );
});
