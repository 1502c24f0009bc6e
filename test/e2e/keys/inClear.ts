import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** All that Temporal has of a run as text: what stands in clear, and what is only base64. */
export async function inClear(client: Client, workflowId: string, runId?: string): Promise<string> {
  const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return withInside(historyToJSON(history));
}

/** A text in JSON, and what stands in it in base64. */
export function withInside(text: string): string {
  const inside = [...text.matchAll(/"([A-Za-z0-9+/]{8,}={0,2})"/g)].map(([, bytes = '']) =>
    Buffer.from(bytes, 'base64').toString('latin1'),
  );
  return [text, ...inside].join('\n');
}
