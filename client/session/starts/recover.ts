import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { CustodyError } from '../../../protocol/errors.ts';
import type { SessionView } from '../../../protocol/view.ts';
import { describeQuery, TASK_TIMEOUT, WORKFLOW_TYPE } from '../../../workflows/messages.ts';
import type { SessionInput, Starter, Tuning } from '../../../protocol/session-input.ts';
import { deleted } from '../describe.ts';
import { endingOf } from '../ending.ts';
import { toCustodyError } from '../../temporal/errors.ts';
import { persist } from '../../temporal/persist.ts';
import { quoted } from '../../temporal/quoted.ts';
import { queryOnce } from '../../temporal/query.ts';
import type { Context } from '../../context.ts';
import { signedInput } from '../../identity/starter.ts';
import { untilItRuns } from './untilItRuns.ts';
import { withWorker } from '../../temporal/withWorker.ts';

/**
 * Brings a session back that was lost outside Custody: a run of its own id goes on from the last good one,
 * PAUSED. A run that came from a reset is terminated first, as the run that was reset away knows more.
 *
 * @throws CustodyError NOTHING_TO_RECOVER, HISTORY_GONE, HISTORY_UNREADABLE, SESSION_NOT_FOUND, NO_WORKER,
 * PROOF_MISSING, and what is wrong with a proof
 */
export async function recoverSession(
  context: Context,
  id: string,
  { reason = '', tuning }: { readonly reason?: string | undefined; readonly tuning?: Tuning | undefined },
): Promise<SessionView> {
  const { client, taskQueue } = context;
  const by = { actor: context.actor, reason };
  const current = await currentRun(context, id);
  if (current.status.name === 'RUNNING') await endReset(context, current, by);
  else await refuseEnded(client, current);
  const input = signedInput(context, id, { recover: { by }, ...(tuning ? { tuning } : {}) } satisfies SessionInput);
  try {
    const { firstExecutionRunId } = await client.workflow.start(WORKFLOW_TYPE, {
      workflowId: id,
      workflowTaskTimeout: TASK_TIMEOUT,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    });
    return await withWorker(context, () => untilItRuns(client, id, firstExecutionRunId));
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw new CustodyError('NOTHING_TO_RECOVER', `Somebody else has recovered the session '${id}' meanwhile.`, {
        cause: error,
      });
    throw toCustodyError(error, id);
  }
}

async function currentRun(context: Context, id: string): Promise<WorkflowExecutionDescription> {
  const { client } = context;
  try {
    return await client.workflow.getHandle(id).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError && (await isListed(client, id)))
      throw new CustodyError(
        'HISTORY_GONE',
        `The last run of the session '${id}' was deleted, so what it did is not known.`,
        { cause: error },
      );
    throw (await deleted(context, id, error)) ?? toCustodyError(error, id);
  }
}

async function isListed(client: Client, id: string): Promise<boolean> {
  const { count } = await client.workflow.count(
    `WorkflowType = ${quoted(WORKFLOW_TYPE)} AND WorkflowId = ${quoted(id)}`,
  );
  return count > 0;
}

/** A session that runs is to be recovered only from a reset. */
async function endReset(
  context: Context,
  { workflowId: id, runId }: WorkflowExecutionDescription,
  { actor, reason }: Starter,
): Promise<void> {
  const handle = context.client.workflow.getHandle(id, runId);
  const view = await persist(() => withWorker(context, () => queryOnce(context.client, handle, describeQuery)), id);
  if (view.resetAt === null)
    throw new CustodyError(
      'NOTHING_TO_RECOVER',
      `The session '${id}' is in ${view.state}, and was not reset: nothing of it is lost.`,
    );
  // Who is refused must not have ended it.
  if (context.signer === null && view.needsProof.includes('recover'))
    throw new CustodyError('PROOF_MISSING', `'recover' needs a proven actor for the session '${id}'.`);
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
