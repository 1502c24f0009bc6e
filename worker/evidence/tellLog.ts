import type { Client } from '@temporalio/client';
import type { NamespaceLeaf } from '../../protocol/evidence/namespaceLog.ts';
import {
  leavesSignal,
  NAMESPACE_LOG_TYPE,
  namespaceLogId,
  type NamespaceLogInput,
  TASK_TIMEOUT,
} from '../../workflows/messages.ts';
import { apart } from '../temporal/apart.ts';

/** Hands leaves to the one workflow that writes the log of the namespace, and begins it where it is not there. */
export async function tellLog(client: Client, taskQueue: string, leaves: readonly NamespaceLeaf[]): Promise<void> {
  const input: NamespaceLogInput = {};
  await apart((typedSearchAttributes) =>
    client.workflow.signalWithStart(NAMESPACE_LOG_TYPE, {
      workflowId: namespaceLogId(taskQueue),
      taskQueue,
      args: [input],
      signal: leavesSignal,
      signalArgs: [{ leaves }],
      workflowTaskTimeout: TASK_TIMEOUT,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: 'which sessions are sealed, and how far',
      typedSearchAttributes,
    }),
  );
}
