import {
  type Client,
  QueryNotRegisteredError,
  type WorkflowClient,
  type WorkflowExecutionInfo,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { decode as decodeAll } from '@temporalio/common/lib/internal-non-workflow/index.js';
import type { SharedBudgets } from '../../activities/deps.ts';
import { decode } from '../../audit/history.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { Drawn, DrawRequest } from '../../protocol/money/budgets.ts';
import { isObject } from '../../protocol/values/json.ts';
import { newPot, type Pot } from '../../session/pot/pot.ts';
import {
  BUDGET_TYPE,
  type BudgetInput,
  budgetWorkflowId,
  drawUpdate,
  potQuery,
} from '../../workflows/budget/messages.ts';
import { TASK_TIMEOUT } from '../../workflows/messages.ts';
import { RAN_AHEAD } from '../../workflows/sdk/runAhead.ts';
import { apart, APART } from './apart.ts';

/** How long one step of an activity waits for Temporal, in milliseconds: it is tried again after that. */
const PATIENCE = 8000;

/**
 * How workers speak with shared budgets. One that does not run begins with the state of its last run, and nobody gets
 * anything of it where that cannot be read.
 *
 * @param workflows what runs are listed with
 * @param strict a client that takes what workers of this deployment say, and nothing else
 */
export const budgetsOf = (workflows: WorkflowClient, strict: Client, taskQueue: string): SharedBudgets => {
  const within = <T>(work: () => Promise<T>): Promise<T> => strict.withDeadline(Date.now() + PATIENCE, work);
  return {
    async draw(id, request) {
      const workflowId = budgetWorkflowId(taskQueue, id);
      const options = { args: [request] as [unknown], updateId: `${request.session}/${request.n}` };
      try {
        return await within(() => strict.workflow.getHandle(workflowId).executeUpdate(drawUpdate, options));
      } catch (error) {
        if (!isGone(error)) throw known(error);
      }
      // A pot of which the file knows nothing any more has nothing to begin with, and is not needed.
      if (!request.now) return settledWithout(request);
      const pot = await within(() => lastState(workflows, strict, workflowId, { id, ...request.now! }));
      const input: BudgetInput = { id, ...request.now, ...(pot ? { pot } : {}) };
      const begin = (typedSearchAttributes: typeof APART) =>
        within(() =>
          strict.workflow.executeUpdateWithStart(drawUpdate, {
            ...options,
            startWorkflowOperation: new WithStartWorkflowOperation(BUDGET_TYPE, {
              workflowId,
              taskQueue,
              args: [input],
              workflowTaskTimeout: TASK_TIMEOUT,
              workflowIdConflictPolicy: 'USE_EXISTING',
              workflowIdReusePolicy: 'ALLOW_DUPLICATE',
              staticSummary: `shared budget ${id}`,
              typedSearchAttributes,
            }),
          }),
        );
      try {
        return await apart(begin);
      } catch (error) {
        throw known(error);
      }
    },
  };
};

const isGone = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError && !/^update .* not found/i.test(error.message);

/** What the pot itself says is final, but for what passes. */
function known(error: unknown): unknown {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  if (!(cause instanceof ApplicationFailure) || cause.type === 'AcceptedUpdateCompletedWorkflow') return error;
  return cause.type === 'NOT_AUTHENTICATED'
    ? new CustodyError('BUDGET_UNAVAILABLE', cause.message, { cause: error })
    : error;
}

const settledWithout = ({ n, used }: DrawRequest): Drawn => ({
  n,
  ok: true,
  granted: used,
  until: null,
  free: 0,
  limit: 0,
});

/**
 * The state with which the last run of a pot ended, or was cut off; undefined where there never was one.
 *
 * @throws CustodyError BUDGET_UNAVAILABLE where there was one and its state cannot be read
 */
async function lastState(
  workflows: WorkflowClient,
  strict: Client,
  workflowId: string,
  fresh: BudgetInput,
): Promise<Pot | undefined> {
  const last = await workflows
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
  if (!last) return undefined;
  const runs = await runsOf(workflows, workflowId);
  if (!runs.some(({ runId }) => runId === last.runId))
    throw new Error(`Run ${last.runId} of the budget is not listed yet.`);
  let isLost = runs.length >= MOST_RUNS;
  for (const { runId, isContinued } of runs) {
    const state = await stateOf(strict, workflowId, runId, fresh);
    if (state === undefined) continue;
    // A run that was continued knows nothing of the one after it, which is gone.
    if (state !== 'reset' && !isContinued) return state;
    isLost = true;
  }
  if (!isLost) return undefined;
  const message = `No run of the budget '${fresh.id}' is there any more that knows what it granted.`;
  throw new CustodyError('BUDGET_UNAVAILABLE', message);
}

/** Runs of one pot that are looked at: those that were begun by others, or reset, are passed over. */
const MOST_RUNS = 50;

/** The newest first. */
async function runsOf(workflows: WorkflowClient, workflowId: string) {
  const found = new Map<string, WorkflowExecutionInfo>();
  const its = `WorkflowId = '${workflowId.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
  for (const query of [`${its} AND TemporalNamespaceDivision = '${APART[0]!.value}'`, its])
    for await (const run of workflows.list({ query })) found.set(run.runId, run);
  return [...found.values()]
    .sort((a, b) => b.startTime.getTime() - a.startTime.getTime())
    .slice(0, MOST_RUNS)
    .map(({ runId, status }) => ({ runId, isContinued: status.name === 'CONTINUED_AS_NEW' }));
}

/** Undefined where the run never was a pot; `reset` where it does not know all that it granted. */
async function stateOf(
  strict: Client,
  workflowId: string,
  runId: string,
  fresh: BudgetInput,
): Promise<Pot | 'reset' | undefined> {
  try {
    const { pot, isReset } = await strict.workflow.getHandle(workflowId, runId).query(potQuery);
    return isReset ? 'reset' : pot;
  } catch (error) {
    const message = error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : '';
    if (NO_TASK.test(message)) return handedTo(strict, workflowId, runId, fresh);
    if (!(error instanceof QueryNotRegisteredError) || message.includes(RAN_AHEAD)) throw error;
    if (NO_POT.test(message)) return undefined;
    throw new CustodyError(
      'BUDGET_UNAVAILABLE',
      `The last run of the budget '${fresh.id}', ${runId}, cannot be replayed, and nobody knows what it granted: ` +
        error.message,
      { cause: error },
    );
  }
}

/** What Temporal and the SDK say of a run that ended before any worker had it, and of one that never was a pot. */
const NO_TASK = /closed before WorkflowTaskStarted/i;
const NO_POT = /did not register a handler/;

/** What a run was begun with that ended before it granted anything. */
async function handedTo(
  { workflowService, options }: Client,
  workflowId: string,
  runId: string,
  fresh: BudgetInput,
): Promise<Pot | undefined> {
  const { namespace, loadedDataConverter } = options;
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
  const given = started?.input?.payloads ?? [];
  const context = { type: 'workflow' as const, namespace, workflowId };
  try {
    const payloads = await decodeAll(loadedDataConverter.payloadCodecs, given, context);
    const [input] = decode({ payloads });
    if (!isObject(input)) return undefined;
    return (input['pot'] as Pot | undefined) ?? newPot(fresh.id, fresh.terms, fresh.period);
  } catch (error) {
    if (error instanceof CustodyError && error.code === 'NOT_AUTHENTICATED') return undefined;
    throw error;
  }
}
