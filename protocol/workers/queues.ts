/** The task queue of sessions and their activities, unless an operator names another. */
export const TASK_QUEUE = 'custody';

/**
 * The task queue on which only the worker of this name works: the way to ask it about an attempt it ran, or a server it
 * holds.
 */
export const workerQueue = (taskQueue: string, workerName: string): string => `${taskQueue}/${workerName}`;

/**
 * The task queue of calls on servers that the worker of this name holds; apart from the other, which so never waits
 * behind calls.
 */
export const boundQueue = (taskQueue: string, workerName: string): string =>
  `${workerQueue(taskQueue, workerName)}/calls`;

/**
 * The task queue of deliveries of notices, on which workers work that have destinations: apart from all others, which
 * so never wait for a slow receiver. No worker can have a name that makes it another.
 */
export const noticesQueue = (taskQueue: string): string => `${taskQueue}//notices`;

/** The task queue of sealing, on which workers work that have an archive for evidence: no call waits for it. */
export const evidenceQueue = (taskQueue: string): string => `${taskQueue}//evidence`;
