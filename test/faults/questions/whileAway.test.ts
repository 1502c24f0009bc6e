import { expect, test } from 'vitest';
import type { Answer } from '../../../client/index.ts';
import { judge, standing } from '../../support/judge.ts';
import { Scene } from '../../support/scene.ts';
import { storyOf } from '../../support/story.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';

/** So many that the worker which takes the task does not take all of them before. */
const QUESTIONS = 32;

test('L6, A1: a session that is asked how it is while no worker is there goes on as its history says', async ({
  onTestFinished,
}) => {
  const scene = await Scene.open({ address: temporalAddress() });
  onTestFinished(() => scene.close());
  const { id, answer } = await strickenSession(scene);
  // Before Temporal has anything for the session to do, the question waits for a worker by itself; then come the
  // timeout and the command. The order is the fault under test.
  const view = scene.custody.session(id).describe();
  await untilTimedOut(scene, id);
  const paused = scene.custody.session(id).pause({ reason: 'while it is away' });
  await scene.worker();
  expect(await view).toMatchObject({ id });
  expect(await paused).toMatchObject({ ok: true });
  await goesOn(scene, id, answer);
});

test('L6, A1: a session that is asked how it is while a worker dies over its task goes on as its history says', async ({
  onTestFinished,
}) => {
  const scene = await Scene.open({ address: temporalAddress() });
  onTestFinished(() => scene.close());
  const { id, answer } = await strickenSession(scene);
  // Temporal has nothing for the session to do yet, so that the questions do not wait for a task of it.
  const views = Array.from({ length: QUESTIONS }, () => scene.custody.session(id).describe());
  await untilTimedOut(scene, id);
  await takeTask(scene);
  await scene.worker();
  const paused = scene.custody.session(id).pause({ reason: 'while the task is taken' });
  for (const view of await Promise.all(views)) expect(view).toMatchObject({ id });
  expect(await paused).toMatchObject({ ok: true });
  await goesOn(scene, id, answer);
}, 400_000);

/** A session whose only worker was killed while the call 'a' was at the server. */
async function strickenSession(scene: Scene): Promise<{ readonly id: string; readonly answer: Promise<Answer> }> {
  const worker = await scene.worker();
  const id = await scene.session();
  const answer = scene.custody.session(id).call('journal.append', { text: 'x', gate: 'never' }, { callId: 'a' });
  await until('at the server', () => scene.journal.of(id, 'a') === 'begin');
  await worker.kill();
  return { id, answer };
}

const untilTimedOut = (scene: Scene, id: string): Promise<unknown> =>
  until('timed out', async () => (await storyOf(scene.custody, id)).fellSilent.includes('a/1'));

/**
 * Does what a worker does that dies with a task in its hands: takes it, and questions that come before it, and says
 * nothing.
 */
async function takeTask({ custody: { temporal, taskQueue } }: Scene): Promise<void> {
  const request = {
    namespace: temporal.options.namespace,
    taskQueue: { name: taskQueue },
    identity: 'a worker that dies',
  };
  for (let isTask = false; !isTask;) {
    const { taskToken, query } = await temporal.withDeadline(Date.now() + 10_000, () =>
      temporal.workflowService.pollWorkflowTaskQueue(request),
    );
    isTask = taskToken.length > 0 && !query;
  }
}

/** The call is in doubt, a person resolves it, and the history can be replayed. */
async function goesOn(scene: Scene, id: string, answer: Promise<Answer>): Promise<void> {
  await until('in doubt', async () => (await standing(scene, id, 'a')) === 'in_doubt');
  await scene.custody.session(id).resolve('a', 'succeeded', { reason: 'looked it up' });
  expect(await answer).toMatchObject({ outcome: 'succeeded' });
  await judge(scene, id);
}
