import type { Client } from '@temporalio/client';
import { temporal } from '@temporalio/proto';

const { WorkflowTaskFailedCause: Cause } = temporal.api.enums.v1;

/**
 * Temporal's ordinary ways to have a task done again: something new came in meanwhile, or the worker that had it cached
 * is gone.
 */
const HARMLESS: ReadonlySet<unknown> = new Set([
  Cause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
  Cause.WORKFLOW_TASK_FAILED_CAUSE_RESET_STICKY_TASK_QUEUE,
]);

/** Why workflow tasks in the last run of a session failed. Each that stands here would fail again, for ever. */
export async function failedTasksOf(client: Client, sessionId: string): Promise<string[]> {
  const { events } = await client.workflow.getHandle(sessionId).fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed && !HARMLESS.has(failed.cause) ? [failed.failure?.message ?? `cause ${String(failed.cause)}`] : [],
  );
}
