import {
  type Client,
  type WorkflowClient,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import type { Lookout } from '../../activities/deps.ts';
import type { SeenRun } from '../../session/watcher/watch.ts';
import { WORKFLOW_TYPE } from '../../workflows/messages.ts';

/** Visibility is some moments behind, so looks overlap. Milliseconds. */
const OVERLAP = 60_000;
/** What Temporal calls itself where it ends a run to begin it anew. */
const RESETTER = 'history-resetter';
const HOW: { readonly [status: string]: SeenRun['how'] } = {
  RUNNING: 'open',
  CONTINUED_AS_NEW: 'continued',
  TERMINATED: 'terminated',
  TIMED_OUT: 'timed-out',
  CANCELLED: 'cancelled',
};

/**
 * How workers see what was done to sessions of a task queue: by visibility, and by the ends of histories.
 *
 * @param workflows what runs are listed with
 */
export function lookoutOf(client: Client, workflows: WorkflowClient, taskQueue: string): Lookout {
  const sessions =
    `WorkflowType = '${WORKFLOW_TYPE}' AND TaskQueue = ` + `'${taskQueue.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  return {
    async around(since, from) {
      const at = Date.now();
      const after = iso(Math.max(0, since - OVERLAP));
      const runs: SeenRun[] = [];
      for await (const run of workflows.list({
        query: `${sessions} AND (StartTime >= '${after}' OR CloseTime >= '${after}')`,
      }))
        runs.push(await seen(client, run, since - OVERLAP));
      const least = Math.min(from, ...runs.filter(({ how }) => how !== 'continued').map(({ startedAt }) => startedAt));
      const { count } = await client.workflow.count(
        `${sessions} AND ExecutionStatus != 'ContinuedAsNew' AND StartTime >= '${iso(least)}'`,
      );
      return { at, runs, count };
    },
    async gone(runs, from) {
      const listed = new Set<string>();
      for await (const { runId } of workflows.list({ query: `${sessions} AND StartTime >= '${iso(from)}'` }))
        listed.add(runId);
      const { config } = await client.workflowService.describeNamespace({ namespace: client.options.namespace });
      const retention = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) * 1000;
      const gone = [];
      for (const { id, runId, closedAt } of runs) {
        if (listed.has(runId) || !(await isGone(workflows, id, runId))) continue;
        gone.push({ runId, expired: closedAt !== null && closedAt + retention <= Date.now() });
      }
      return gone;
    },
  };
}

async function seen(
  client: Client,
  { workflowId: id, runId, status, startTime, closeTime }: WorkflowExecutionInfo,
  since: number,
): Promise<SeenRun> {
  const run: SeenRun = {
    id,
    runId,
    startedAt: startTime.getTime(),
    closedAt: closeTime?.getTime() ?? null,
    how: HOW[status.name] ?? 'ended',
  };
  if (run.how === 'terminated') return { ...run, ...(await lastWord(client, id, runId)) };
  return run.startedAt >= since && (await cameFromReset(client, id, runId)) ? { ...run, isReset: true } : run;
}

async function lastWord(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<Pick<SeenRun, 'by' | 'reason' | 'isReset'>> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const terminated = history?.events?.[0]?.workflowExecutionTerminatedEventAttributes;
  if (terminated?.identity === RESETTER) return { isReset: true, reason: terminated.reason ?? '' };
  return { ...(terminated?.identity ? { by: terminated.identity } : {}), reason: terminated?.reason ?? '' };
}

/** The first event is that of the run whose history was copied. */
async function cameFromReset(client: Client, workflowId: string, runId: string): Promise<boolean> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const original = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId;
  return Boolean(original) && original !== runId;
}

async function isGone(workflows: WorkflowClient, id: string, runId: string): Promise<boolean> {
  try {
    await workflows.getHandle(id, runId).describe();
    return false;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}

const iso = (instant: number): string => new Date(Math.min(instant, Date.now())).toISOString();
