/** The task queue of sessions and their activities, unless an operator names another. */
export const TASK_QUEUE = 'custody';

/** The task queue on which only the worker of this name works: the way to ask it about an attempt it ran (D2). */
export const workerQueue = (taskQueue: string, workerName: string): string => `${taskQueue}/${workerName}`;
