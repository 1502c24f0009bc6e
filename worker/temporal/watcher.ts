import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Logger } from 'pino';
import { TASK_TIMEOUT, WATCHER_TYPE, watcherId, type WatcherInput } from '../../workflows/messages.ts';
import { apart } from './apart.ts';

/** How often a worker sees to it that the watcher is there: somebody may have terminated it, too. */
const AGAIN = 120_000;

/**
 * Starts the watcher of a task queue where it does not run yet, and again whenever it is gone.
 *
 * @param every milliseconds between its looks
 * @returns stops seeing to it; the watcher itself goes on, on other workers
 */
export function keepWatcher(client: Client, taskQueue: string, every: number, log: Logger): () => void {
  const input: WatcherInput = { every };
  const start = (): Promise<unknown> =>
    apart((typedSearchAttributes) =>
      client.workflow.start(WATCHER_TYPE, {
        workflowId: watcherId(taskQueue),
        taskQueue,
        args: [input],
        workflowTaskTimeout: TASK_TIMEOUT,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: 'what was done to sessions in Temporal',
        typedSearchAttributes,
      }),
    ).catch((error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError))
        log.warn({ err: error }, 'the watcher cannot be started');
    });
  void start();
  const timer = setInterval(() => void start(), AGAIN);
  timer.unref();
  return () => clearInterval(timer);
}
