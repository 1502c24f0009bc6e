import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { CustodyError } from '../session/errors.ts';

const FIRST_LOOK = 5000;
/** Temporal forgets a poller after five minutes; one that polls asks at least once a minute. */
const FRESH = 70_000;

/** Waits for work that a worker must do; fails with NO_WORKER once it is clear that none is there, instead of hanging. */
export async function withWorker<T>(client: Client, taskQueue: string, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  try {
    return await Promise.race([work(), untilNoWorker(client, taskQueue, done.signal)]);
  } finally {
    done.abort();
  }
}

async function untilNoWorker(client: Client, taskQueue: string, done: AbortSignal): Promise<never> {
  for (;;) {
    await delay(FIRST_LOOK, undefined, { signal: done });
    if (await hasNoWorker(client, taskQueue)) throw new CustodyError('NO_WORKER', `No worker polls the task queue '${taskQueue}' of namespace '${client.options.namespace}'.`);
  }
}

export async function hasNoWorker(client: Client, taskQueue: string): Promise<boolean> {
  try {
    const { pollers } = await client.workflowService.describeTaskQueue({ namespace: client.options.namespace, taskQueue: { name: taskQueue }, taskQueueType: 1 });
    return (pollers ?? []).every(({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 > FRESH);
  } catch {
    return false;
  }
}
