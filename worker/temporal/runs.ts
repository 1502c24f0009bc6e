import {
  type Client,
  QueryNotRegisteredError,
  type WorkflowClient,
  type WorkflowExecutionInfo,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { decode as decodeAll } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { Runs } from '../../activities/deps.ts';
import { decode } from '../../audit/history.ts';
import type { Carried } from '../../session/capacity/carried.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';
import { isEnded } from '../../session/lifecycle/states.ts';
import { carriedQuery, RECOVERING, WORKFLOW_TYPE } from '../../workflows/messages.ts';

/** Runs of one session that are looked at: resets and recoveries, not those of the chain, make them many. */
const MOST_RUNS = 50;

/**
 * Reads the state of other runs by query, which Temporal answers for runs that have ended too: a worker replays their
 * history.
 *
 * @param workflows what runs are listed with
 * @param strict a client that takes what workers of this deployment say, and nothing else
 */
export const runsOf = (workflows: WorkflowClient, strict: Client): Runs => ({
  async last(sessionId, runId) {
    for (const run of await runsBefore(workflows, sessionId, runId)) {
      const carried = await stateOf(strict, sessionId, run.runId);
      // A reset run knows only a part, unless somebody ended it; one that never was a session knows nothing.
      if (!carried || (carried.session.resetAt && !isEnded(carried.session.state))) continue;
      const { status } = await workflows.getHandle(sessionId, run.runId).describe();
      if (status.name === 'CONTINUED_AS_NEW')
        throw new Error(`The run that follows run ${run.runId} is not listed yet, or was deleted.`);
      return { runId: run.runId, carried };
    }
    throw new CustodyError(
      'HISTORY_GONE',
      `Temporal has no run of the session '${sessionId}' any more that it could go on from.`,
    );
  },
  async current(sessionId) {
    const missing = (): never => {
      throw new CustodyError('SESSION_NOT_FOUND', `There is no session '${sessionId}'.`);
    };
    const { runId, type } = await workflows
      .getHandle(sessionId)
      .describe()
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return missing();
        throw error;
      });
    const carried = type === WORKFLOW_TYPE ? await stateOf(strict, sessionId, runId) : undefined;
    return carried ? { runId, carried } : missing();
  },
});

/** The newest first. */
async function runsBefore(
  workflows: WorkflowClient,
  sessionId: string,
  runId: string,
): Promise<readonly WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  const query =
    `WorkflowType = '${WORKFLOW_TYPE}' AND WorkflowId = ` +
    `'${sessionId.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  for await (const run of workflows.list({ query, pageSize: MOST_RUNS })) if (run.runId !== runId) found.push(run);
  return found.sort((a, b) => b.startTime.getTime() - a.startTime.getTime()).slice(0, MOST_RUNS);
}

/** Undefined where the run never became a session. */
async function stateOf(client: Client, sessionId: string, runId: string): Promise<Carried | undefined> {
  try {
    return await client.workflow.getHandle(sessionId, runId).query(carriedQuery);
  } catch (error) {
    const message = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : '';
    if (NO_TASK.test(message)) return handedTo(client, sessionId, runId);
    if (!(error instanceof QueryNotRegisteredError)) throw error;
    if (NO_SESSION.test(message)) return undefined;
    throw new CustodyError(
      'HISTORY_UNREADABLE',
      `Run ${runId} of the session '${sessionId}' cannot be replayed: ${error.message}`,
      { cause: error },
    );
  }
}

/**
 * What Temporal and the SDK say of a run that ended before any worker had it, and of one that failed before it was a
 * session.
 */
const NO_TASK = /closed before WorkflowTaskStarted/i;
const NO_SESSION = new RegExp(`did not register a handler|${RECOVERING}`);

/** What the run before handed to a run that ended before it began. */
async function handedTo(client: Client, workflowId: string, runId: string): Promise<Carried | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  // Anybody may start a run with anything.
  if (!started?.continuedExecutionRunId) return undefined;
  const { namespace, loadedDataConverter } = client.options;
  const payloads = await decodeAll(loadedDataConverter.payloadCodecs, started.input?.payloads ?? [], {
    type: 'workflow',
    namespace,
    workflowId,
  });
  const [input] = decode({ payloads });
  return isObject(input) && isObject(input.carried) ? (input.carried as unknown as Carried) : undefined;
}
