import { type Client, type WorkflowExecutionDescription, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { instantOf } from '../../audit/history.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { SessionView } from '../../protocol/view.ts';
import { pagesBack } from '../temporal/history.ts';

/** How Temporal says that a run ended which did not end as a session does. */
export interface Loss {
  /** `TERMINATED`, `TIMED_OUT`, `CANCELLED`, `FAILED`. */
  readonly how: string;
  /** Who ended it: what their client called itself; null where Temporal does not say. */
  readonly by: string | null;
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string;
  /** The type of the failure, of a run that failed. */
  readonly code: string | null;
}

/** How a closed run ended: with its last view, as a session does, or lost. */
export async function endingOf(
  client: Client,
  { workflowId, runId, status }: WorkflowExecutionDescription,
): Promise<{ readonly view: SessionView } | { readonly loss: Loss }> {
  try {
    return { view: (await client.workflow.getHandle(workflowId, runId).result()) as SessionView };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const cause = error.cause instanceof ApplicationFailure ? error.cause : undefined;
    const view = cause?.details?.[0];
    if (isObject(view) && 'state' in view) return { view: view as unknown as SessionView };
    return { loss: { how: status.name, code: cause?.type ?? null, ...(await lastWord(client, workflowId, runId)) } };
  }
}

/** What the last event of a closed run says. */
async function lastWord(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<Pick<Loss, 'by' | 'reason' | 'at'>> {
  const { value } = await pagesBack(client, workflowId, 1, runId).next();
  const event = value?.[0];
  const terminated = event?.workflowExecutionTerminatedEventAttributes;
  return {
    by: terminated?.identity || null,
    reason: terminated?.reason || event?.workflowExecutionFailedEventAttributes?.failure?.message || '',
    at: new Date(instantOf(event?.eventTime)).toISOString(),
  };
}
