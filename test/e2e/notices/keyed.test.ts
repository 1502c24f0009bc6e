import { expect, onTestFinished, test } from 'vitest';
import { Client, Connection } from '@temporalio/client';
import { newDeploymentKey, readingKeyOf } from '../../../keys/key.ts';
import type { PassedOn } from '../../../protocol/notices/notice.ts';
import { NOTICES_TYPE, noticesId } from '../../../workflows/messages.ts';
import { eventually } from '../../support/harness.ts';
import { openPlace, type Place, spend } from '../../support/notices/place.ts';
import { temporalAddress } from '../../support/temporal.ts';

const FORGED: PassedOn = {
  about: { agent: 'x@1', profile: 'standard', labels: {} },
  notices: [{ n: 1, at: 1, layer: 'session', kind: 'notify', data: { text: 'forged' } }],
  to: { ops: { kinds: ['notify'], retryFor: 60_000 } },
};

/** Somebody who reaches the namespace tells the workflow of a session's notices of one that they made up. */
async function forge({ harness, session }: Place): Promise<void> {
  const connection = await Connection.connect({ address: temporalAddress() });
  const { workflow } = new Client({ connection });
  await workflow.signalWithStart(NOTICES_TYPE, {
    workflowId: noticesId(session.id),
    taskQueue: harness.custody.taskQueue,
    args: [{}],
    signal: 'notices',
    signalArgs: [FORGED],
  });
  await connection.close();
}

test('C3, P6: with a deployment key a forged notice is signed by nobody, and the real ones are', async () => {
  const key = newDeploymentKey();
  const place = await openPlace(onTestFinished, {
    harness: { worker: { deployment: { keys: [key], encryption: 'on' } }, keys: [readingKeyOf(key)] },
  });
  const { harness, receiver, session } = place;
  await forge(place);
  await harness.custody.temporal.workflow.getHandle(noticesId(session.id)).result();
  await spend(session, 15);
  await forge(place);
  await session.complete({ reason: 'done' });
  await session.wait();
  await eventually(() => receiver.ids.length === 2, 'both came');
  expect(receiver.received.map(({ event }) => event?.data.text)).toEqual([
    expect.stringContaining('15 USD are spent'),
    expect.stringContaining('AUDIT -> COMPLETED'),
  ]);
});

test('C3: without one anybody can have notices made, as anybody can have calls made', async () => {
  const place = await openPlace(onTestFinished);
  await forge(place);
  await eventually(() => place.receiver.ids.length === 1, 'it came');
});
