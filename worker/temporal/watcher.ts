import { status } from '@grpc/grpc-js';
import { type Client, isGrpcServiceError, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import type { Logger } from 'pino';
import { TASK_TIMEOUT, WATCHER_TYPE, watcherId, type WatcherInput } from '../../workflows/messages.ts';

/** How often a worker sees to it that the watcher is there: somebody may have terminated it, too. */
const AGAIN = 120_000;

/**
 * Workflows that have it are in no list, unless the query names it: Temporal keeps its own schedules and batches out of
 * lists so. A server may refuse it; then the watcher is listed.
 */
const APART = [{ key: defineSearchAttributeKey('TemporalNamespaceDivision', 'KEYWORD'), value: 'custody' }];

/**
 * Starts the watcher of a task queue where it does not run yet, and again whenever it is gone.
 *
 * @param every milliseconds between its looks
 * @returns stops seeing to it; the watcher itself goes on, on other workers
 */
export function keepWatcher(client: Client, taskQueue: string, every: number, log: Logger): () => void {
  const input: WatcherInput = { every };
  const start = (typedSearchAttributes = APART): Promise<unknown> =>
    client.workflow
      .start(WATCHER_TYPE, {
        workflowId: watcherId(taskQueue),
        taskQueue,
        args: [input],
        workflowTaskTimeout: TASK_TIMEOUT,
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: 'what was done to sessions in Temporal',
        typedSearchAttributes,
      })
      .catch((error: unknown) => {
        if (typedSearchAttributes.length > 0 && isInvalid(error)) return start([]);
        if (!(error instanceof WorkflowExecutionAlreadyStartedError))
          log.warn({ err: error }, 'the watcher cannot be started');
        return undefined;
      });
  void start();
  const timer = setInterval(() => void start(), AGAIN);
  timer.unref();
  return () => clearInterval(timer);
}

const isInvalid = (error: unknown): boolean =>
  error instanceof Error && isGrpcServiceError(error.cause) && error.cause.code === status.INVALID_ARGUMENT;
