import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { CustodyError } from '../protocol/errors.ts';
import type { SessionView } from '../session/view.ts';
import {
  describeQuery,
  type SessionInput,
  type Starter,
  TASK_TIMEOUT,
  type Tuning,
  WORKFLOW_TYPE,
} from '../workflows/messages.ts';
import { deleted } from './describe.ts';
import { endingOf } from './ending.ts';
import { toCustodyError } from './errors.ts';
import { persist } from './persist.ts';
import { queryOnce } from './query.ts';
import { untilItRuns } from './untilItRuns.ts';
import { withWorker } from './withWorker.ts';

/**
 * Brings a session back that was lost outside Custody (L11): a run of its own id goes on from the last good one,
 * PAUSED. A run that came from a reset is terminated first, as the run that was reset away knows more.
 *
 * @throws CustodyError NOTHING_TO_RECOVER, HISTORY_GONE, HISTORY_UNREADABLE, SESSION_NOT_FOUND, NO_WORKER
 */
export async function recoverSession(
  client: Client,
  taskQueue: string,
  id: string,
  by: Starter,
  tuning?: Tuning,
): Promise<SessionView> {
  const current = await currentRun(client, taskQueue, id);
  if (current.status.name === 'RUNNING') await endReset(client, taskQueue, current, by);
  else await refuseEnded(client, current);
  const input: SessionInput = { recover: { by }, ...(tuning ? { tuning } : {}) };
  try {
    const { firstExecutionRunId } = await client.workflow.start(WORKFLOW_TYPE, {
      workflowId: id,
      taskQueue,
      args: [input],
      workflowTaskTimeout: TASK_TIMEOUT,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
    return await withWorker(client, taskQueue, () => untilItRuns(client, id, firstExecutionRunId));
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw new CustodyError('NOTHING_TO_RECOVER', `Somebody else has recovered the session '${id}' meanwhile.`, {
        cause: error,
      });
    throw toCustodyError(error, id);
  }
}

async function currentRun(client: Client, taskQueue: string, id: string): Promise<WorkflowExecutionDescription> {
  try {
    return await client.workflow.getHandle(id).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError && (await isListed(client, id)))
      throw new CustodyError(
        'HISTORY_GONE',
        `The last run of the session '${id}' was deleted, so what it did is not known.`,
        { cause: error },
      );
    throw (await deleted(client, taskQueue, id, error)) ?? toCustodyError(error, id);
  }
}

async function isListed(client: Client, id: string): Promise<boolean> {
  const { count } = await client.workflow.count(
    `WorkflowType = '${WORKFLOW_TYPE}' AND WorkflowId = '${id.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`,
  );
  return count > 0;
}

/** A session that runs is to be recovered only from a reset. */
async function endReset(
  client: Client,
  taskQueue: string,
  { workflowId: id, runId }: WorkflowExecutionDescription,
  { actor, reason }: Starter,
): Promise<void> {
  const handle = client.workflow.getHandle(id, runId);
  const view = await persist(() => withWorker(client, taskQueue, () => queryOnce(client, handle, describeQuery)), id);
  if (view.resetAt === null)
    throw new CustodyError(
      'NOTHING_TO_RECOVER',
      `The session '${id}' is in ${view.state}, and was not reset: nothing of it is lost.`,
    );
  await handle.terminate(`custody recover by ${actor}: ${reason}`).catch((error: unknown) => {
    throw toCustodyError(error, id);
  });
}

async function refuseEnded(client: Client, execution: WorkflowExecutionDescription): Promise<void> {
  const ending = await endingOf(client, execution);
  if ('view' in ending)
    throw new CustodyError(
      'NOTHING_TO_RECOVER',
      `The session '${execution.workflowId}' ended as ${ending.view.state}: ${ending.view.reason ?? ''}`,
    );
}
