import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';

/**
 * What the Reset button of the Temporal UI does.
 * @param pick chooses among the completed workflow tasks, by event id, oldest first
 */
export async function resetSession(
  client: Client,
  workflowId: string,
  pick: (tasks: readonly number[]) => number | undefined,
  runId?: string,
): Promise<string> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const { events } = await handle.fetchHistory();
  const tasks = (events ?? [])
    .filter((event) => event.workflowTaskCompletedEventAttributes)
    .map((event) => Number(event.eventId));
  const { runId: base } = await handle.describe();
  const reset = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId: base },
    reason: 'the button',
    requestId: randomUUID(),
    workflowTaskFinishEventId: (pick(tasks) ?? 0) as never,
  });
  return reset.runId;
}
