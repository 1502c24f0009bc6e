import { afterEach, describe, expect, test } from 'vitest';
import { newDeploymentKey, readingKeyOf } from '../../../keys/key.ts';
import { Custody } from '../../../client/index.ts';
import { failedTasksOf } from '../../support/failedTasks.ts';
import { Harness, eventually } from '../../support/harness.ts';
import { temporalAddress } from '../../support/temporal.ts';

const [A, B] = [newDeploymentKey(), newDeploymentKey()];
let harness: Harness;
afterEach(() => harness?.stop());

/** A client that writes under the first of these keys. */
let client: Custody;
const connect = async (...keys: string[]): Promise<void> => {
  await client?.close();
  const { taskQueue } = harness.custody;
  client = await Custody.connect({ address: temporalAddress(), taskQueue, keys: keys.map(readingKeyOf) });
};
afterEach(() => client?.close());

const append = (id: string, callId: string) => client.session(id).call('journal.append', { text: callId }, { callId });
const begun = (id: string, callId: string): number =>
  harness.journal().filter(({ phase, idempotencyKey }) => phase === 'begin' && idempotencyKey === `${id}/${callId}`)
    .length;

describe.each([['off'], ['on']] as const)('A6: rotation, with encryption %s', (encryption) => {
  /** Workers and clients have these keys from now on. */
  const give = async (...keys: string[]): Promise<void> => {
    await harness.stopWorker();
    await harness.startWorker({ deployment: { keys, encryption } });
    await connect(...(encryption === 'on' ? keys : []));
  };

  test('a session that began under one key goes on under two, and under the new one in a new run', async () => {
    harness = await Harness.start();
    await give(A);
    const { id } = await client.start(harness.spec(), { tuning: { eventsPerRun: 40 } });
    await append(id, 'a');
    await give(A, B);
    await append(id, 'b');
    await give(B, A);
    for (let n = 0; n < 20; n += 1) await append(id, `more-${n}`);
    expect((await client.session(id).describe()).runs).toBeGreaterThan(2);
    await give(B);
    expect(await append(id, 'c')).toMatchObject({ outcome: 'succeeded' });
    expect(await client.session(id).describe()).toMatchObject({ state: 'RUNNING' });
    expect(['a', 'b', 'c'].map((callId) => begun(id, callId))).toEqual([1, 1, 1]);
  });

  test('a run that needs a key which was taken away too early waits for it, and goes on where it was', async () => {
    harness = await Harness.start();
    await give(A);
    const { id } = await client.start(harness.spec());
    await append(id, 'a');
    await give(B);
    const waiting = client.temporal.workflow.getHandle(id).signal('pause', { actor: 'ann', reason: 'wakes it' });
    await waiting;
    await eventually(
      async () => (await failedTasksOf(client.temporal, id)).length > 0,
      'the worker cannot go on with the session',
    );
    await give(B, A);
    expect(await client.session(id).describe()).toMatchObject({ state: 'PAUSED', calls: [{ callId: 'a' }] });
    await client.session(id).resume();
    expect(await append(id, 'b')).toMatchObject({ outcome: 'succeeded' });
    expect([begun(id, 'a'), begun(id, 'b')]).toEqual([1, 1]);
  });
});

test('P6: a session that runs while its deployment gets a key goes on, if the operator says until when', async () => {
  harness = await Harness.start();
  await connect();
  const { id } = await client.start(harness.spec());
  await append(id, 'a');
  await harness.stopWorker();
  await harness.startWorker({ deployment: { keys: [A], acceptUnsignedUntil: Date.now() } });
  expect(await append(id, 'b')).toMatchObject({ outcome: 'succeeded' });
  expect([begun(id, 'a'), begun(id, 'b')]).toEqual([1, 1]);
  expect(await failedTasksOf(client.temporal, id)).toEqual([]);
});
