import type { Client } from '@temporalio/client';

/**
 * Asks Temporal for the first run of the chain that a run is in; a run that came from a reset is in that of the other.
 */
export const chainsOf =
  (client: Client) =>
  async ({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }): Promise<string> => {
    const { workflowService, options } = client;
    const { workflowExecutionInfo } = await workflowService.describeWorkflowExecution({
      namespace: options.namespace,
      execution: { workflowId, runId },
    });
    return workflowExecutionInfo?.firstRunId || runId;
  };
