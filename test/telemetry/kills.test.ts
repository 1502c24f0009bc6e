import { describe, expect, test } from 'vitest';
import { judge } from '../support/judge.ts';
import { Scene, type SceneOptions } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import { OtlpReceiver } from './receiver.ts';

type Ends = (end: () => Promise<void>) => void;

/** A place where workers, processes of their own, tell a receiver what they do. */
async function told(onTestFinished: Ends, options: Omit<SceneOptions, 'address'> = {}) {
  const receiver = await OtlpReceiver.start();
  onTestFinished(() => receiver.stop());
  const config = { telemetry: { otlp: { url: receiver.url } } };
  const scene = await Scene.open({ address: temporalAddress(), config, ...options });
  onTestFinished(() => scene.close());
  return { receiver, scene };
}

describe.concurrent('A8, L6: a worker killed', () => {
  test('in mid-call: the attempt that was made again has its span, and no attempt has two', async ({
    onTestFinished,
  }) => {
    const { receiver, scene } = await told(onTestFinished, { server: 'apart' });
    const first = await scene.worker();
    const id = await scene.session();
    const attempts = () => receiver.spansOf(id).map(([attempt]) => attempt);
    await until('the first call is told of', () => attempts().includes('first/1'));
    const answer = scene.custody
      .session(id)
      .call('journal.upsert', { key: 'k', value: 'v', gate: 'end' }, { callId: 'c' });
    await until('at the server', () => scene.journal.of(id, 'c') === 'begin');
    await first.kill();
    scene.journal.open('end');
    await scene.worker({ name: 'beta', inherits: false });
    expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 2 });
    await until('the second attempt is told of', () => attempts().includes('c/2'));
    expect(attempts().toSorted()).toEqual(['c/2', 'first/1']);
  });

  test('and another that reads the history anew: what was done is not told again', async ({ onTestFinished }) => {
    const { receiver, scene } = await told(onTestFinished, { server: 'apart' });
    const first = await scene.worker();
    const id = await scene.session();
    await scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'c' });
    const attempts = () => receiver.spansOf(id).map(([attempt]) => attempt);
    await until('both calls are told of', () => attempts().length === 2);
    await first.kill();
    await scene.worker({ name: 'beta', inherits: false });
    // Only a replay of the history lets the new worker answer this, and take the next call.
    expect(await scene.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
    await scene.custody.session(id).call('journal.lookup', { key: 'k' }, { callId: 'next' });
    await until('the next call is told of', () => attempts().includes('next/1'));
    await judge(scene, id); // Replays it once more.
    expect(attempts().toSorted()).toEqual(['c/1', 'first/1', 'next/1']);
  });
});
