import {
  ActivityCancellationType,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  proxyActivities,
  TimeoutFailure,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import type { AttemptOutcome, Intent } from '../../protocol/calls/call.ts';
import type { SendingMark } from '../../protocol/calls/marks.ts';
import type { AttemptOrder, AttemptReport } from '../../protocol/calls/said.ts';
import { boundQueue, workerQueue } from '../../protocol/workers/queues.ts';
import { isObject } from '../../protocol/values/json.ts';
import { judgeNotTaken, judgeSilence, mayKnow } from '../../session/calls/attempts/silence.ts';
import { type Binding, holderOf } from '../../session/servers/binding.ts';
import { isHeld } from '../../session/servers/leases.ts';
import type { Session } from '../../session/session.ts';
import { causeOf, messageOf } from './failures.ts';
import { HOLDER_WAIT, type Holders } from './holders.ts';
import { HEARTBEAT_TIMEOUT, MARGIN } from './limits.ts';
import { recall } from './recall.ts';
import { summaryOf } from './summary.ts';

/** How long a call waits on its worker's own queue to be taken, before that one is asked whether it is still there. */
const START_WAIT = 3000;

/** The worker that alone can make a call. */
export interface Bound {
  readonly binding: Binding;
  /** The call goes straight to that one's own queue. */
  readonly isApart: boolean;
  /** As it is when it is asked for. */
  session(): Session;
  readonly holders: Holders;
}

/**
 * One attempt as one activity, its intent the input and its outcome the result or failure. Never throws.
 *
 * @param bound null where any worker will do
 */
export function makeAttempt(intent: AttemptOrder, recallWait: number, bound: Bound | null): Promise<AttemptReport> {
  const { callTool } = proxyActivities<Activities>({
    ...queueOf(intent, recallWait, bound),
    // The call, and what is read before and after it.
    startToCloseTimeout: 4 * intent.timeout + MARGIN,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: summaryOf(intent),
  });
  const asked = bound && !bound.isApart ? { ...intent, holder: bound.binding.worker } : intent;
  return callTool(asked).catch((error: unknown) => explain(causeOf(error), intent, recallWait, bound));
}

/** What a worker keeps open only that worker can go on with; others try the session's own queue first. */
function queueOf({ continues }: Intent, recallWait: number, bound: Bound | null) {
  const { taskQueue } = workflowInfo();
  if (continues?.held)
    return { taskQueue: workerQueue(taskQueue, continues.held.worker.name), scheduleToStartTimeout: recallWait };
  if (!bound?.isApart) return {};
  return { taskQueue: boundQueue(taskQueue, bound.binding.worker), scheduleToStartTimeout: START_WAIT };
}

function explain(
  cause: unknown,
  intent: Intent,
  recallWait: number,
  bound: Bound | null,
): AttemptReport | Promise<AttemptReport> {
  if (cause instanceof TimeoutFailure) {
    if (bound && cause.timeoutType === 'SCHEDULE_TO_START') return notTaken(intent, bound);
    return CancellationScope.nonCancellable(() => afterSilence(intent, cause, recallWait, bound));
  }
  if (cause instanceof CancelledFailure)
    return { kind: 'not_sent', code: 'CALL_CANCELLED', message: 'The call was cancelled before a worker took it.' };
  const isForeign = cause instanceof ApplicationFailure && cause.type === 'NOT_AUTHENTICATED';
  const code = isForeign ? 'NOT_AUTHENTICATED' : 'INTERNAL_ERROR';
  return outcomeIn(cause) ?? { kind: 'unknown', code, message: messageOf(cause) };
}

/** The outcome that the worker put into a failure. */
function outcomeIn(cause: unknown): AttemptReport | undefined {
  const detail = cause instanceof ApplicationFailure ? cause.details?.[0] : undefined;
  return isObject(detail) && typeof detail.kind === 'string' ? (detail as unknown as AttemptReport) : undefined;
}

/** Nobody took the call. The worker may be busy, or have given the server up, or be gone: it is asked. */
async function notTaken({ server }: Intent, { binding, session, holders }: Bound): Promise<AttemptOutcome> {
  const answer = isHeld(session(), server, binding.lease) ? await holders.ask(server, binding) : undefined;
  return judgeNotTaken(server, binding, answer);
}

/** The worker fell silent. It is asked first; only what it cannot tell is judged by the sending mark. */
async function afterSilence(
  intent: Intent,
  timeout: TimeoutFailure,
  recallWait: number,
  bound: Bound | null,
): Promise<AttemptOutcome> {
  const said = timeout.lastHeartbeatDetails;
  const mark = isObject(said) ? (said as unknown as SendingMark) : null;
  const holder = bound && {
    identity: holderOf(bound.binding),
    isHeld: isHeld(bound.session(), intent.server, bound.binding.lease),
  };
  const ran = mayKnow(mark, holder);
  const recalled = ran && (await recall(intent, ran.name, mark ? recallWait : Math.min(recallWait, HOLDER_WAIT)));
  return judgeSilence({ intent, mark, ran, isBound: bound !== null, recalled });
}
