import {
  ApplicationFailure,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  makeContinueAsNewFunc,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, LastRun } from '../activities/types.ts';
import { forkOf } from '../session/lifecycle/fork.ts';
import type { ForkOf } from '../protocol/session-input.ts';
import { workerQueue } from '../protocol/queues.ts';
import { newSession } from '../session/session.ts';
import { upgrade } from '../session/upgrade.ts';
import { type SessionView, viewOf } from '../session/view.ts';
import { HEARTBEAT_TIMEOUT } from './attempt.ts';
import { registerHandlers, registerRecovering } from './handlers.ts';
import { problemOfInput } from '../protocol/session-input.ts';
import type { Carried } from '../session/capacity/carried.ts';
import { toCarry } from '../session/capacity/carried.ts';
import { forkedSignal } from './messages.ts';
import type { SessionInput } from '../protocol/session-input.ts';
import { refusalIn } from './opening.ts';
import type { Resets } from './sdk/resets.ts';
import { SessionRun } from './run.ts';

/**
 * A session (L1). Its workflow completes when the session does, and fails with the session's code when it ends as
 * FAILED or TIMEOUT, so that Temporal's own lists tell the two apart; the last `SessionView` is the result or the
 * failure's detail.
 */
export async function custodySession(input: SessionInput<Carried>, resets?: Resets): Promise<SessionView> {
  check(input);
  const takesOver = 'recover' in input || 'fork' in input;
  if (takesOver) registerRecovering();
  const last = takesOver ? await otherRun(input) : undefined;
  const run = new SessionRun(begin(input, last), input.tuning ?? {});
  registerHandlers(run);
  if (last && 'recover' in input) run.recover(last.runId, input.recover.by);
  if ('fork' in input) {
    run.forked(input.fork);
    tellParent(input.fork);
  }
  resets?.listen(() => run.reset());
  // Temporal's cancel is a command like any other: the session ends by way of AUDIT (D3). It comes once, so it waits
  // for a rollback.
  CancellationScope.current().cancelRequested.catch(async () => {
    await CancellationScope.nonCancellable(() => condition(() => run.state.session.state.name !== 'ROLLBACK'));
    run.command(
      {
        type: 'cancel',
        by: { actor: 'temporal', reason: 'cancelled in Temporal', commandId: `cancel/${workflowInfo().runId}` },
      },
      'signal',
    );
  });
  return CancellationScope.nonCancellable(async () => {
    const how = await run.work();
    if (how === 'continue') {
      const carried = toCarry(run.state);
      const next = makeContinueAsNewFunc<typeof custodySession>({});
      return next({
        carried: { ...carried, runs: carried.runs + 1 },
        ...(input.tuning ? { tuning: input.tuning } : {}),
      }) as never;
    }
    return end(run.state);
  });
}

function check(input: SessionInput): void {
  const { workflowId, continuedFromExecutionRunId } = workflowInfo();
  const problem = problemOfInput(
    input,
    workflowId,
    continuedFromExecutionRunId === undefined ? undefined : (spec) => newSession(workflowId, spec, 0),
  );
  if (problem !== undefined)
    throw ApplicationFailure.nonRetryable(
      `The session cannot start: ${problem}. Start it with the Custody client or CLI.`,
      'SPEC_INVALID',
    );
}

function begin(input: SessionInput<Carried>, last: LastRun | undefined): Carried {
  const { workflowId, startTime } = workflowInfo();
  if (last && 'fork' in input) {
    const forked = forkOf(upgrade(last.carried.session), workflowId, input.fork, Date.now());
    if (!forked.ok) throw ApplicationFailure.nonRetryable(forked.refusal.message, forked.refusal.code);
    return { session: forked.session, record: 0, runs: 1 };
  }
  const carried = 'carried' in input ? input.carried : last && { ...last.carried, runs: last.carried.runs + 1 };
  if (carried) return { ...carried, session: upgrade(carried.session) };
  if (!('spec' in input)) throw ApplicationFailure.nonRetryable('There is no run to go on from.', 'INTERNAL_ERROR');
  return { session: newSession(workflowId, input.spec, startTime.getTime()), record: 0, runs: 1 };
}

/** The run whose state this one takes over, read by a worker: nobody else can say what it was. */
function otherRun(input: SessionInput): Promise<LastRun> {
  const { workflowId, runId } = workflowInfo();
  const { readLastRun, readParent } = proxyActivities<Activities>({
    startToCloseTimeout: '2m',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: 5 },
    summary: 'fork' in input ? 'the parent' : 'the last good run',
  });
  const read = () =>
    'fork' in input ? readParent({ sessionId: input.fork.parent }) : readLastRun({ sessionId: workflowId, runId });
  return CancellationScope.nonCancellable(read).catch((error: unknown) => {
    throw ApplicationFailure.nonRetryable(refusalIn(error).message, refusalIn(error).code);
  });
}

/** Best effort: a parent that has ended takes no more on record; the fork's own record has it in any case. */
function tellParent({ parent, at, by }: ForkOf): void {
  const signal = () =>
    getExternalWorkflowHandle(parent).signal(forkedSignal, { fork: workflowInfo().workflowId, at, ...by });
  CancellationScope.nonCancellable(signal).catch(() => undefined);
}

async function end({ session, runs }: Carried): Promise<SessionView> {
  await closeConnections(session.id, Object.keys(session.workers));
  const view = viewOf(session, runs);
  if (session.state.name === 'FAILED' || session.state.name === 'TIMEOUT') {
    throw ApplicationFailure.create({
      message: session.state.reason,
      type: session.state.code,
      nonRetryable: true,
      details: [view],
    });
  }
  return view;
}

/** Best effort: a worker that is gone has closed its connections already. */
async function closeConnections(sessionId: string, workers: readonly string[]): Promise<void> {
  await Promise.all(
    workers.map((name) =>
      proxyActivities<Activities>({
        taskQueue: workerQueue(workflowInfo().taskQueue, name),
        scheduleToCloseTimeout: '10s',
        retry: { maximumAttempts: 1 },
        summary: `close connections on ${name}`,
      })
        .closeSession({ sessionId })
        .catch(() => undefined),
    ),
  );
}
