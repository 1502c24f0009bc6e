import { status } from '@grpc/grpc-js';
import { type Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { lister } from '../../client/temporal/lister.ts';
import { quoted } from '../../client/temporal/quoted.ts';
import { noticesId } from '../../workflows/messages.ts';

/** How a session stands in Temporal. */
export async function standingOf(client: Client, session: string): Promise<'open' | 'over' | 'gone'> {
  try {
    const { status: its } = await lister(client).getHandle(session).describe();
    return its.name === 'RUNNING' ? 'open' : 'over';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw error;
  }
}

/**
 * Has Temporal delete all runs of a session that is over, and of the workflow that delivered its notices. It does so
 * soon after, and lists may be some moments behind: what is missed goes when its retention is over.
 *
 * @returns runs that there were
 */
export async function forget(client: Client, session: string): Promise<number> {
  const { namespace } = client.options;
  const runs = [...(await runsOf(client, session)), ...(await runsOf(client, noticesId(session)))];
  for (const execution of runs) {
    const request = { namespace, workflowExecution: execution };
    await client.workflowService.deleteWorkflowExecution(request).catch((error: unknown) => {
      if (!isGrpcServiceError(error) || error.code !== status.NOT_FOUND) throw error;
    });
  }
  return runs.length;
}

interface Execution {
  readonly workflowId: string;
  readonly runId: string;
}

async function runsOf(client: Client, workflowId: string): Promise<readonly Execution[]> {
  const workflows = lister(client);
  const found = new Map<string, Execution>();
  // The division is that of what is kept out of lists.
  const anywhere = `WorkflowId = ${quoted(workflowId)}`;
  for (const query of [anywhere, `${anywhere} AND TemporalNamespaceDivision = 'custody'`])
    for await (const { runId } of workflows.list({ query })) found.set(runId, { workflowId, runId });
  const current = await workflows
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
  if (current) found.set(current.runId, { workflowId, runId: current.runId });
  return [...found.values()];
}
