import { ActivityCancellationType, ActivityFailure, ApplicationFailure, CancellationScope, CancelledFailure, proxyActivities, TimeoutFailure, workflowInfo } from '@temporalio/workflow';
import type { Activities, Recalled, SendingMark } from '../activities/types.ts';
import type { AttemptOutcome, Intent, WorkerIdentity } from '../session/call.ts';
import { isRepeatable, nameOf } from '../session/call.ts';
import type { ErrorCode } from '../session/errors.ts';
import { isObject } from '../session/json.ts';
import { workerQueue } from '../session/queues.ts';

/** A worker that sends no heartbeat for this long is taken for lost. */
export const HEARTBEAT_TIMEOUT = '5s';
/** What an attempt may take beyond its tool's timeout: connecting, and the worker's own work. */
const MARGIN = 60_000;

/** One attempt as one activity, its intent the input and its outcome the result or failure (D2). Never throws. */
export function makeAttempt(intent: Intent, recallWait: number): Promise<AttemptOutcome> {
  const held = intent.continues?.held;
  const { callTool } = proxyActivities<Activities>({
    // What a worker keeps open only that worker can go on with.
    ...(held ? { taskQueue: workerQueue(workflowInfo().taskQueue, held.worker.name), scheduleToStartTimeout: recallWait } : {}),
    // The call, and what is read before and after it.
    startToCloseTimeout: 4 * intent.timeout + MARGIN,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: summaryOf(intent),
  });
  return callTool(intent).catch((error: unknown) => {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (cause instanceof TimeoutFailure) return CancellationScope.nonCancellable(() => afterTimeout(intent, cause, recallWait));
    if (cause instanceof CancelledFailure) return { kind: 'not_sent', code: 'CALL_CANCELLED', message: 'The call was cancelled before a worker took it.' };
    return outcomeIn(cause) ?? { kind: 'unknown', code: 'INTERNAL_ERROR', message: messageOf(cause) };
  });
}

/** The outcome that the worker put into a failure. */
function outcomeIn(cause: unknown): AttemptOutcome | undefined {
  const detail = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
  return isObject(detail) && typeof detail.kind === 'string' ? (detail as unknown as AttemptOutcome) : undefined;
}

/** The worker fell silent. It is asked first; only what it cannot tell is judged by the sending mark (D2). */
async function afterTimeout(intent: Intent, timeout: TimeoutFailure, recallWait: number): Promise<AttemptOutcome> {
  const mark = isObject(timeout.lastHeartbeatDetails) ? (timeout.lastHeartbeatDetails as unknown as SendingMark) : undefined;
  const recalled = mark?.worker && (await recall(intent, mark.worker.name, recallWait));
  if (recalled?.outcome && !isGone(recalled.outcome, recalled.worker)) {
    // The same process answers when Temporal lost sight of it, and the next one when it drained before it could report.
    const lives = recalled.worker.boot === mark?.worker.boot || recalled.worker.afterDrain;
    return lives ? recalled.outcome : { ...recalled.outcome, workerLost: true };
  }
  const held = intent.continues?.held;
  const lost = mark?.worker ?? (held ? { ...held.worker, afterDrain: false } : undefined);
  const worker = { workerLost: true, ...(lost ? { worker: lost } : {}), ...(mark?.sending && mark.undo ? { undo: mark.undo } : {}) } as const;
  const code: ErrorCode = 'WORKER_LOST';
  const who = lost ? `worker ${lost.name}` : 'the worker';
  if (held) return { kind: 'unknown', code, message: `${who} was lost, and with it the call in which the server waited for a response.`, ...worker };
  if (mark?.sending || isRepeatable(intent.effect)) {
    return { kind: 'unknown', code, message: `${who} was lost while the call was, or may have been, sent.`, ...worker };
  }
  return { kind: 'not_sent', code, message: `${who} was lost before it sent the call.`, ...worker };
}

/** A question in a call that the worker held open, and the worker that answers is the next one under its name. */
const isGone = (outcome: AttemptOutcome, { boot }: WorkerIdentity): boolean => outcome.kind === 'input_required' && outcome.asks.held !== undefined && outcome.asks.held.worker.boot !== boot;

/** The outcome of an attempt that was under way when its run was lost, from the workers of the session; unknown where none of them has it (L11). */
export async function seekOutcome(intent: Intent, workers: readonly string[], recallWait: number): Promise<AttemptOutcome> {
  const answers = await Promise.all(workers.map((name) => recall(intent, name, recallWait)));
  const known = answers.find((answer) => answer?.outcome && !isGone(answer.outcome, answer.worker))?.outcome;
  return known ?? { kind: 'unknown', code: 'SESSION_LOST', message: 'the session was ended in Temporal while the call was, or may have been, sent.' };
}

async function recall(intent: Intent, workerName: string, recallWait: number): Promise<Recalled | null> {
  const { recallOutcome } = proxyActivities<Activities>({
    taskQueue: workerQueue(workflowInfo().taskQueue, workerName),
    scheduleToStartTimeout: recallWait,
    startToCloseTimeout: intent.timeout + MARGIN,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    // Asking has no effect, and a question can go to the dead process's last poll.
    retry: { maximumAttempts: 5, initialInterval: '200ms' },
    summary: `outcome of ${summaryOf(intent)}?`.slice(0, 200),
  });
  try {
    const { sessionId, callId, attempt } = intent;
    return await recallOutcome({ sessionId, callId, attempt });
  } catch {
    return null;
  }
}

/** `files.write_file draft.md`: the tool and the first short text among its arguments; of another method its subject. */
export function summaryOf({ args, argsRef, attempt, compensates, ...call }: Intent): string {
  const first = call.method === undefined && Object.values(args).find((value) => typeof value === 'string' && value.length > 0);
  const hint = argsRef ? ` (${argsRef.bytes} bytes)` : typeof first === 'string' ? ` ${first.replace(/\s+/g, ' ').slice(0, 60)}` : '';
  return `${compensates === undefined ? '' : `undo ${compensates}: `}${nameOf(call).slice(0, 160)}${hint}${attempt > 1 ? ` (attempt ${attempt})` : ''}`.slice(0, 180);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 1000);
