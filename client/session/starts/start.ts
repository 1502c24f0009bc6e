import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { CustodyError } from '../../../protocol/errors.ts';
import { PRINCIPAL, principalOf } from '../../../protocol/identity/principal.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import type { SessionInput, Tuning } from '../../../protocol/session-input.ts';
import { beginningOf } from '../../../session/view/beginning.ts';
import { labelsOf } from '../../../session/view/labels.ts';
import { callersTraceparent } from '../../../telemetry/caller.ts';
import { TASK_TIMEOUT, WORKFLOW_TYPE } from '../../../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/searchAttributes.ts';
import type { Context } from '../../context.ts';
import { toCustodyError } from '../../temporal/errors.ts';
import { signedInput } from '../../identity/starter.ts';
import { endingOf } from '../ending.ts';
import { outlinedPlan } from '../calls/payloads.ts';

/**
 * Starts a session. An id is used once, unless the session under it failed before its servers were open.
 *
 * @throws CustodyError SESSION_EXISTS, and what is wrong with the spec
 */
export async function startSession(
  context: Context,
  id: string,
  spec: SessionSpec,
  { reason = '', tuning }: { readonly reason?: string | undefined; readonly tuning?: Tuning | undefined },
): Promise<void> {
  const { client, taskQueue, payloads, actor } = context;
  const traceparent = callersTraceparent();
  // A quarter of the time that the client takes to load, and only this needs it.
  const { checkSpec } = await import('../../../config/spec.ts');
  const checked = await outlinedPlan(checkSpec(asOwned(context, spec)), payloads);
  const traced = traceparent === undefined ? {} : { traceparent };
  const unsigned: SessionInput = { spec: checked, by: { actor, reason }, ...traced, ...(tuning ? { tuning } : {}) };
  const input = signedInput(context, id, unsigned);
  const startUnder = (workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY') =>
    client.workflow.start(WORKFLOW_TYPE, {
      workflowId: id,
      workflowTaskTimeout: TASK_TIMEOUT,
      taskQueue,
      args: [input],
      workflowIdReusePolicy,
      staticSummary: `${checked.agent.id}@${checked.agent.version}`.slice(0, 200),
      staticDetails: beginningOf(checked, { actor, reason }),
      typedSearchAttributes: new TypedSearchAttributes([
        { key: SEARCH_ATTRIBUTES.state, value: 'INIT' },
        { key: SEARCH_ATTRIBUTES.agent, value: checked.agent.id },
        { key: SEARCH_ATTRIBUTES.profile, value: checked.profile },
        { key: SEARCH_ATTRIBUTES.startedBy, value: actor },
        { key: SEARCH_ATTRIBUTES.startedAt, value: new Date() },
        ...(checked.labels ? [{ key: SEARCH_ATTRIBUTES.labels, value: [...labelsOf(checked)] }] : []),
      ]),
    });
  try {
    await startUnder('REJECT_DUPLICATE').catch(async (error: unknown) => {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || !(await neverBegan(client, id))) throw error;
      await startUnder('ALLOW_DUPLICATE_FAILED_ONLY');
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      throw new CustodyError('SESSION_EXISTS', `There is or was a session '${id}'.`, { cause: error });
    throw toCustodyError(error, id);
  }
}

/** Whoever showed a token is known by a label ever after, and no spec can say otherwise. */
function asOwned({ vouched, actor }: Context, spec: SessionSpec): SessionSpec {
  if (!vouched) return spec;
  const { [PRINCIPAL]: _, ...labels } = spec.labels ?? {};
  return { ...spec, labels: { [PRINCIPAL]: principalOf(vouched.issuer, actor), ...labels } };
}

/** A session that failed as its servers were opened did nothing: its id is free. One that was cancelled keeps it. */
async function neverBegan(client: Client, id: string): Promise<boolean> {
  const execution = await client.workflow.getHandle(id).describe();
  if (execution.status.name !== 'FAILED') return false;
  const ending = await endingOf(client, execution);
  if (!('view' in ending)) return false;
  const { deadlineAt, code } = ending.view;
  return deadlineAt === null && code !== 'SESSION_CANCELLED';
}
