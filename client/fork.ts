import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CustodyError } from '../protocol/errors.ts';
import type { ForkOf } from '../session/lifecycle/fork.ts';
import { type SessionInput, TASK_TIMEOUT, type Tuning, WORKFLOW_TYPE } from '../workflows/messages.ts';
import { toCustodyError } from './errors.ts';
import { untilItRuns } from './untilItRuns.ts';
import { withWorker } from './withWorker.ts';

/**
 * Starts a session from a checkpoint of another (L9), and waits until it has taken over what it keeps.
 *
 * @throws CustodyError CHECKPOINT_NOT_FOUND, SESSION_NOT_FOUND, DEADLINE_PASSED, SESSION_RESET, SESSION_EXISTS,
 * HISTORY_UNREADABLE, NO_WORKER
 */
export async function forkSession(
  client: Client,
  taskQueue: string,
  id: string,
  fork: ForkOf,
  tuning?: Tuning,
): Promise<void> {
  const input: SessionInput = { fork, ...(tuning ? { tuning } : {}) };
  try {
    const { firstExecutionRunId } = await client.workflow.start(WORKFLOW_TYPE, {
      workflowId: id,
      taskQueue,
      args: [input],
      workflowTaskTimeout: TASK_TIMEOUT,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    await withWorker(client, taskQueue, () => untilItRuns(client, id, firstExecutionRunId));
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw new CustodyError('SESSION_EXISTS', `There is or was a session '${id}'.`, { cause: error });
    throw toCustodyError(error, id);
  }
}
