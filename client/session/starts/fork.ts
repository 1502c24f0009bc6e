import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { CustodyError } from '../../../protocol/errors.ts';
import type { SessionInput, Tuning } from '../../../protocol/session-input.ts';
import { TASK_TIMEOUT, WORKFLOW_TYPE } from '../../../workflows/messages.ts';
import type { Context } from '../../context.ts';
import { toCustodyError } from '../../temporal/errors.ts';
import { withWorker } from '../../temporal/withWorker.ts';
import { signedInput } from '../../identity/starter.ts';
import { newId } from './id.ts';
import { untilItRuns } from './untilItRuns.ts';

export interface ForkOptions {
  /** The checkpoint. */
  readonly at: string;
  /** Of the new session; used once. Random by default. */
  readonly id?: string | undefined;
  /** Why, on record. */
  readonly reason?: string | undefined;
  readonly tuning?: Tuning | undefined;
}

/**
 * Starts a session from a checkpoint of another, waits until it has taken over what it keeps, and returns its id.
 *
 * @throws CustodyError CHECKPOINT_NOT_FOUND, SESSION_NOT_FOUND, DEADLINE_PASSED, SESSION_RESET, SESSION_EXISTS,
 * HISTORY_UNREADABLE, MALFORMED_COMMAND, NO_WORKER, PROOF_MISSING, and what is wrong with a proof
 */
export async function forkSession(
  context: Context,
  parent: string,
  { at, id: wanted, reason = '', tuning }: ForkOptions,
): Promise<string> {
  const { client, taskQueue, actor } = context;
  const id = newId(wanted);
  const unsigned: SessionInput = { fork: { parent, at, by: { actor, reason } }, ...(tuning ? { tuning } : {}) };
  const input = signedInput(context, id, unsigned);
  try {
    const { firstExecutionRunId } = await client.workflow.start(WORKFLOW_TYPE, {
      workflowId: id,
      workflowTaskTimeout: TASK_TIMEOUT,
      taskQueue,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    await withWorker(context, () => untilItRuns(client, id, firstExecutionRunId));
    return id;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw new CustodyError('SESSION_EXISTS', `There is or was a session '${id}'.`, { cause: error });
    throw toCustodyError(error, id);
  }
}
