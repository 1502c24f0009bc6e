import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { judge, standing } from '../support/judge.ts';
import { Scene } from '../support/scene.ts';
import { storyOf } from '../support/story.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';

/** Milliseconds by which the question comes before the command; the order is the fault under test. */
const FIRST = 500;

test('L6, A1: a session that is asked how it is while no worker is there goes on as its history says', async ({ onTestFinished }) => {
  const scene = await Scene.open({ address: temporalAddress() });
  onTestFinished(() => scene.close());
  const first = await scene.worker();
  const id = await scene.session();
  const answer = scene.custody.call(id, 'journal.append', { text: 'x', delayMs: 2000 }, { callId: 'a' });
  await until('at the server', () => scene.journal.of(id, 'a') === 'begin');
  await first.kill();
  // Before Temporal has anything for the session to do, the question waits for a worker by itself; then come the timeout and the command.
  const view = scene.custody.describe(id);
  await delay(FIRST);
  const paused = scene.custody.pause(id, { reason: 'while it is away' });
  await until('timed out', async () => (await storyOf(scene.custody, id)).fellSilent.includes('a/1'));
  await scene.worker();
  expect(await view).toMatchObject({ id });
  expect(await paused).toMatchObject({ ok: true });
  await until('in doubt', async () => (await standing(scene, id, 'a')) === 'in_doubt');
  await scene.custody.resolve(id, 'a', 'succeeded', { reason: 'looked it up' });
  expect(await answer).toMatchObject({ outcome: 'succeeded' });
  await judge(scene, id);
});
