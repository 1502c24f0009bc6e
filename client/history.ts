import type { Client } from '@temporalio/client';
import type { HistoryEvent } from '../audit/history.ts';
import { persist } from './persist.ts';

const LONG_POLL = 70_000;

/** The history events of a session, over all its runs, in order. @param follow go on with what happens from now, until the session ends */
export async function* historyOf(client: Client, workflowId: string, follow: boolean, signal?: AbortSignal): AsyncGenerator<{ readonly runId: string; readonly event: HistoryEvent }> {
  for (let runId: string | undefined = await firstRun(client, workflowId); runId; ) {
    let next: string | undefined;
    for await (const event of eventsOf(client, workflowId, runId, follow, signal)) {
      yield { runId, event };
      next = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId || undefined;
    }
    runId = next;
  }
}

async function firstRun(client: Client, workflowId: string): Promise<string> {
  const { raw, runId } = await client.workflow.getHandle(workflowId).describe();
  return raw.workflowExecutionInfo?.firstRunId || runId;
}

async function* eventsOf(client: Client, workflowId: string, runId: string, follow: boolean, signal?: AbortSignal): AsyncGenerator<HistoryEvent> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const request = { namespace: client.options.namespace, execution: { workflowId, runId }, waitNewEvent: follow, ...(nextPageToken ? { nextPageToken } : {}) };
    const read = () => client.connection.withDeadline(Date.now() + LONG_POLL, () => client.workflowService.getWorkflowExecutionHistory(request));
    const page = await persist(() => (signal ? client.connection.withAbortSignal(signal, read) : read()), workflowId, signal);
    yield* page.history?.events ?? [];
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
  } while (nextPageToken);
}
