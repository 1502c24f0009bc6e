import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import { workerQueue } from '../../protocol/workers/queues.ts';

/** Best effort: a worker that is gone has closed its connections already. */
export async function closeConnections(sessionId: string, workers: readonly string[]): Promise<void> {
  await Promise.all(
    workers.map((name) =>
      proxyActivities<Activities>({
        taskQueue: workerQueue(workflowInfo().taskQueue, name),
        scheduleToCloseTimeout: '10s',
        retry: { maximumAttempts: 1 },
        summary: `close connections on ${name}`,
      })
        .closeSession({ sessionId })
        .catch(() => undefined),
    ),
  );
}
