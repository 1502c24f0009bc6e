import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, Recalled, SendingMark } from '../activities/types.ts';
import type { Binding } from '../session/servers/binding.ts';
import type { AttemptOutcome, Intent, WorkerIdentity } from '../protocol/call.ts';
import { isRepeatable, nameOf } from '../protocol/call.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import { isObject } from '../protocol/values/json.ts';
import { boundQueue, workerQueue } from '../protocol/queues.ts';
import { HOLDER_WAIT, type HolderAnswer, holderOf } from './holders.ts';

/** A worker that sends no heartbeat for this long is taken for lost. */
export const HEARTBEAT_TIMEOUT = '5s';
/** What an attempt may take beyond its tool's timeout: connecting, and the worker's own work. */
const MARGIN = 60_000;

/**
 * How long a bound call waits for its worker to take it, before that one is asked whether it is still there; longer
 * once it is known to be busy.
 */
const START_WAIT = 3000;
const BUSY_WAIT = 15_000;

/** The worker that alone can make the call, and how it is asked. */
export interface Bound {
  readonly binding: Binding;
  /** It was asked before, and had no slot free. */
  readonly isBusy: boolean;
  /** Does the session still count on it? */
  isHeld(): boolean;
  ask(): Promise<HolderAnswer>;
}

/**
 * One attempt as one activity, its intent the input and its outcome the result or failure (D2). Never throws.
 *
 * @param bound absent where any worker will do
 */
export function makeAttempt(intent: Intent, recallWait: number, bound?: Bound): Promise<AttemptOutcome> {
  const held = intent.continues?.held;
  const { taskQueue } = workflowInfo();
  const { callTool } = proxyActivities<Activities>({
    // What a worker keeps open only that worker can go on with.
    ...(held ? { taskQueue: workerQueue(taskQueue, held.worker.name), scheduleToStartTimeout: recallWait } : {}),
    ...(bound
      ? {
          taskQueue: boundQueue(taskQueue, bound.binding.worker),
          scheduleToStartTimeout: bound.isBusy ? BUSY_WAIT : START_WAIT,
        }
      : {}),
    // The call, and what is read before and after it.
    startToCloseTimeout: 4 * intent.timeout + MARGIN,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: summaryOf(intent),
  });
  return callTool(intent).catch((error: unknown) => {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (bound && cause instanceof TimeoutFailure && cause.timeoutType === 'SCHEDULE_TO_START')
      return notTaken(intent, bound);
    if (cause instanceof TimeoutFailure)
      return CancellationScope.nonCancellable(() => afterTimeout(intent, cause, recallWait, bound));
    if (cause instanceof CancelledFailure)
      return { kind: 'not_sent', code: 'CALL_CANCELLED', message: 'The call was cancelled before a worker took it.' };
    return outcomeIn(cause) ?? { kind: 'unknown', code: 'INTERNAL_ERROR', message: messageOf(cause) };
  });
}

/** The outcome that the worker put into a failure. */
function outcomeIn(cause: unknown): AttemptOutcome | undefined {
  const detail = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
  return isObject(detail) && typeof detail.kind === 'string' ? (detail as unknown as AttemptOutcome) : undefined;
}

/**
 * Nobody took the call, so it was not sent. The worker may be busy, or have given the server up, or be gone: it is
 * asked.
 */
async function notTaken({ server }: Intent, { binding, isHeld, ask }: Bound): Promise<AttemptOutcome> {
  const { worker } = binding;
  const lost = (message: string) => ({ kind: 'not_sent', code: 'LEASE_LOST', message, leaseLost: true }) as const;
  const answer = isHeld() ? await ask() : undefined;
  if (answer === undefined) return lost(`worker ${worker} had given '${server}' up before it took the call`);
  if (answer === null)
    return {
      ...lost(`worker ${worker}, which held '${server}', does not answer`),
      worker: holderOf(binding),
      workerLost: true,
    };
  if (!answer.held) return { ...lost(`worker ${worker} does not hold '${server}' any more`), worker: answer.worker };
  return {
    kind: 'not_sent',
    code: 'WORKER_BUSY',
    message: `worker ${worker}, which holds '${server}', had no slot free for the call`,
    worker: answer.worker,
  };
}

/** The worker fell silent. It is asked first; only what it cannot tell is judged by the sending mark (D2). */
async function afterTimeout(
  intent: Intent,
  timeout: TimeoutFailure,
  recallWait: number,
  bound?: Bound,
): Promise<AttemptOutcome> {
  const mark = isObject(timeout.lastHeartbeatDetails)
    ? (timeout.lastHeartbeatDetails as unknown as SendingMark)
    : undefined;
  // Temporal can hand a task to a process that does not ask any more: of a worker that gave the server up in order, an
  // attempt without a word was lost on its way there, and that is no death.
  const onItsWay = bound !== undefined && mark === undefined && !bound.isHeld();
  const ran = mark?.worker ?? (bound && !onItsWay ? holderOf(bound.binding) : undefined);
  const recalled = ran && (await recall(intent, ran.name, mark ? recallWait : Math.min(recallWait, HOLDER_WAIT)));
  const isSame = recalled?.worker.boot === ran?.boot;
  if (recalled?.outcome && !isGone(recalled.outcome, recalled.worker)) {
    // The same process answers when Temporal lost sight of it, and the next one when it drained before it could report.
    const lives = isSame || recalled.worker.afterDrain;
    return lives ? recalled.outcome : { ...recalled.outcome, workerLost: true };
  }
  const held = intent.continues?.held;
  const lost = ran ?? (held ? { ...held.worker, afterDrain: false } : undefined);
  const undo = mark?.sending && mark.undo ? { undo: mark.undo } : {};
  const worker = onItsWay
    ? undo
    : bound && recalled && isSame
      ? { worker: recalled.worker, ...undo }
      : ({ workerLost: true, ...(lost ? { worker: lost } : {}), ...undo } as const);
  const code: ErrorCode = 'WORKER_LOST';
  const who = lost ? `worker ${lost.name}` : 'the worker';
  if (held)
    return {
      kind: 'unknown',
      code,
      message: `${who} was lost, and with it the call in which the server waited for a response.`,
      ...worker,
    };
  if (mark?.sending || isRepeatable(intent.effect)) {
    return { kind: 'unknown', code, message: `${who} was lost while the call was, or may have been, sent.`, ...worker };
  }
  return { kind: 'not_sent', code, message: `${who} was lost before it sent the call.`, ...worker };
}

/** A question in a call that the worker held open, and the worker that answers is the next one under its name. */
const isGone = (outcome: AttemptOutcome, { boot }: WorkerIdentity): boolean =>
  outcome.kind === 'input_required' && outcome.asks.held !== undefined && outcome.asks.held.worker.boot !== boot;

/**
 * The outcome of an attempt that was under way when its run was lost, from the workers of the session; unknown where
 * none of them has it (L11).
 */
export async function seekOutcome(
  intent: Intent,
  workers: readonly string[],
  recallWait: number,
): Promise<AttemptOutcome> {
  const answers = await Promise.all(workers.map((name) => recall(intent, name, recallWait)));
  const known = answers.find((answer) => answer?.outcome && !isGone(answer.outcome, answer.worker))?.outcome;
  return (
    known ?? {
      kind: 'unknown',
      code: 'SESSION_LOST',
      message: 'the session was ended in Temporal while the call was, or may have been, sent.',
    }
  );
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
    const { chain, sessionId, callId, attempt, digest } = intent;
    return await recallOutcome({ chain, sessionId, callId, attempt, digest });
  } catch {
    return null;
  }
}

/**
 * `files.write_file draft.md`: the tool and the first short text among its arguments; of another method its subject.
 */
export function summaryOf({ args, argsRef, attempt, compensates, ...call }: Intent): string {
  const first =
    call.method === undefined && Object.values(args).find((value) => typeof value === 'string' && value.length > 0);
  const hint = argsRef
    ? ` (${argsRef.bytes} bytes)`
    : typeof first === 'string'
      ? ` ${first.replace(/\s+/g, ' ').slice(0, 60)}`
      : '';
  return `${compensates === undefined ? '' : `undo ${compensates}: `}${nameOf(call).slice(0, 160)}${hint}${attempt > 1 ? ` (attempt ${attempt})` : ''}`.slice(
    0,
    180,
  );
}

export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).slice(0, 1000);
