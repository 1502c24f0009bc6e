import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { CustodyError } from '../../protocol/errors.ts';
import type { Context } from '../context.ts';

/** Milliseconds between two looks. Workers that lost Temporal for a shorter time ask it for work again within it. */
const LOOK_EVERY = 5000;
/** A look that took longer, in milliseconds, had to wait for Temporal. */
const AT_ONCE = 1000;
/** In milliseconds: a worker that lost Temporal for long asks it for work again after 12 s at the latest. */
const BACK_WITHIN = 15_000;
/**
 * Temporal forgets a poller after five minutes, and when it restarts; one that polls asks at least once a minute. In
 * milliseconds.
 */
const FRESH = 70_000;

/** Where the workers of a session are. */
type Workplace = Pick<Context, 'client' | 'taskQueue'>;

/**
 * Waits for work that a worker must do; fails with NO_WORKER once it is clear that none is there, instead of hanging.
 */
export async function withWorker<T>({ client, taskQueue }: Workplace, work: () => Promise<T>): Promise<T> {
  const done = new AbortController();
  try {
    return await Promise.race([work(), untilNoWorker(client, taskQueue, done.signal)]);
  } finally {
    done.abort();
  }
}

/** Nobody at two looks in a row, Temporal being there. */
async function untilNoWorker(client: Client, taskQueue: string, done: AbortSignal): Promise<never> {
  let wait = LOOK_EVERY;
  for (let seen = 0; seen < 2;) {
    await delay(wait, undefined, { signal: done });
    const begun = performance.now();
    const isEmpty = await hasNoWorker(client, taskQueue);
    const wasAway = performance.now() - begun > AT_ONCE;
    seen = isEmpty && !wasAway ? seen + 1 : 0;
    wait = wasAway ? BACK_WITHIN : LOOK_EVERY;
  }
  throw new CustodyError(
    'NO_WORKER',
    `No worker polls the task queue '${taskQueue}' of namespace '${client.options.namespace}'.`,
  );
}

/** What workers take from a task queue, as Temporal numbers it. */
const KINDS = { workflows: 1, activities: 2 } as const;

/** Does no worker take this from a task queue? False where Temporal does not say. */
export async function hasNoWorker(
  client: Client,
  taskQueue: string,
  what: keyof typeof KINDS = 'workflows',
): Promise<boolean> {
  try {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: KINDS[what],
    });
    return (pollers ?? []).every(
      ({ lastAccessTime }) => Date.now() - Number(lastAccessTime?.seconds ?? 0) * 1000 > FRESH,
    );
  } catch {
    return false;
  }
}
