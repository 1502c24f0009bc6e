import { getEventListeners } from 'node:events';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { abortable } from '../../../client/sdk/abortable.ts';
import { temporalAddress } from '../../support/temporal.ts';

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: temporalAddress() });
});
afterAll(() => connection.close());

const request = () => connection.workflowService.getSystemInfo({});
const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

test('the SDK alone still leaves a listener on the signal for each request', async () => {
  const { signal } = new AbortController();
  for (let n = 0; n < 3; n += 1) await connection.withAbortSignal(signal, request);
  expect(listeners(signal)).toBe(3);
});

test('a request that can be aborted leaves nothing on the signal', async () => {
  const { signal } = new AbortController();
  for (let n = 0; n < 3; n += 1) await abortable({ connection, signal }, request);
  expect(listeners(signal)).toBe(0);
});

test('a request ends when the signal is aborted, and is not made once it was', async () => {
  const life = new AbortController();
  const waiting = abortable({ connection, signal: life.signal }, () =>
    connection.workflowService.pollWorkflowTaskQueue({ namespace: 'default', taskQueue: { name: 'nobody' } }),
  );
  life.abort();
  await expect(waiting).rejects.toBe(life.signal.reason);
  await expect(abortable({ connection, signal: life.signal }, request)).rejects.toBe(life.signal.reason);
});
