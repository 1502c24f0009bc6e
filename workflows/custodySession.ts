import { ApplicationFailure, CancellationScope, condition, makeContinueAsNewFunc, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/types.ts';
import { carry } from '../session/ledger.ts';
import { workerQueue } from '../session/queues.ts';
import { newSession } from '../session/session.ts';
import { upgrade } from '../session/upgrade.ts';
import { type SessionView, viewOf } from '../session/view.ts';
import { registerHandlers } from './handlers.ts';
import { problemOfInput } from './input.ts';
import type { Carried, SessionInput } from './messages.ts';
import { SessionRun } from './run.ts';

/**
 * A session (L1). Its workflow completes when the session does, and fails with the session's code when it ends as FAILED or
 * TIMEOUT, so that Temporal's own lists tell the two apart; the last `SessionView` is the result or the failure's detail.
 */
export async function custodySession(input: SessionInput): Promise<SessionView> {
  const run = new SessionRun(begin(input), input.tuning ?? {});
  registerHandlers(run);
  // Temporal's cancel is a command like any other: the session ends by way of AUDIT (D3). It comes once, so it waits for a rollback.
  CancellationScope.current().cancelRequested.catch(async () => {
    await CancellationScope.nonCancellable(() => condition(() => run.state.session.state.name !== 'ROLLBACK'));
    run.command({ type: 'cancel', by: { actor: 'temporal', reason: 'cancelled in Temporal', commandId: `cancel/${workflowInfo().runId}` } }, 'signal');
  });
  return CancellationScope.nonCancellable(async () => {
    const how = await run.work();
    if (how === 'continue') {
      const { session, record, runs } = run.state;
      const next = makeContinueAsNewFunc<typeof custodySession>({});
      return next({ carried: { session: carry(session), record, runs: runs + 1 }, ...(input.tuning ? { tuning: input.tuning } : {}) }) as never;
    }
    return end(run.state);
  });
}

function begin(input: SessionInput): Carried {
  const { workflowId, startTime, continuedFromExecutionRunId } = workflowInfo();
  const problem = problemOfInput(input, continuedFromExecutionRunId !== undefined);
  if (problem !== undefined) throw ApplicationFailure.nonRetryable(`The session cannot start: ${problem}. Start it with the Custody client or CLI.`, 'SPEC_INVALID');
  if ('carried' in input) return { ...input.carried, session: upgrade(input.carried.session) };
  return { session: newSession(workflowId, input.spec, startTime.getTime()), record: 0, runs: 1 };
}

async function end({ session, runs }: Carried): Promise<SessionView> {
  await closeConnections(session.id, Object.keys(session.workers));
  const view = viewOf(session, runs);
  if (session.state.name === 'FAILED' || session.state.name === 'TIMEOUT') {
    throw ApplicationFailure.create({ message: session.state.reason, type: session.state.code, nonRetryable: true, details: [view] });
  }
  return view;
}

/** Best effort: a worker that is gone has closed its connections already. */
async function closeConnections(sessionId: string, workers: readonly string[]): Promise<void> {
  await Promise.all(workers.map((name) =>
    proxyActivities<Activities>({
      taskQueue: workerQueue(workflowInfo().taskQueue, name),
      scheduleToCloseTimeout: '10s',
      retry: { maximumAttempts: 1 },
      summary: `close connections on ${name}`,
    }).closeSession({ sessionId }).catch(() => undefined)));
}
