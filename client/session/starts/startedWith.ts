import type { Client } from '@temporalio/client';
import { decode } from '../../../audit/history.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { opened } from '../../temporal/opened.ts';
import { toCustodyError } from '../../temporal/errors.ts';

/** The spec that a session was started with, from its history; undefined for a fork, which has none of its own. */
export async function startedWith(client: Client, id: string): Promise<SessionSpec | undefined> {
  try {
    const { raw, runId } = await client.workflow.getHandle(id).describe();
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: id, runId: raw.workflowExecutionInfo?.firstRunId || runId },
      maximumPageSize: 1,
    });
    const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
    const input = decode((await opened(client, id, started))?.input)[0];
    return isObject(input) && isObject(input.spec) ? (input.spec as unknown as SessionSpec) : undefined;
  } catch (error) {
    throw toCustodyError(error, id);
  }
}
