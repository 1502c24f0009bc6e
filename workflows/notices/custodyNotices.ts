import {
  ActivityCancellationType,
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  TimeoutFailure,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities, Delivery } from '../../activities/types.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { keyOf, parsePassedOn } from '../../protocol/notices/notice.ts';
import { countsAnyway, unprovenIn } from '../../protocol/values/unproven.ts';
import { noticesQueue } from '../../protocol/workers/queues.ts';
import { settle } from '../../session/notices/delivery/settle.ts';
import { shownOf } from '../../session/notices/delivery/shown.ts';
import { type Deliveries, NOTHING_SENT, type Waiting } from '../../session/notices/delivery/state.ts';
import { take } from '../../session/notices/delivery/take.ts';
import { NOTICES } from '../descriptions.ts';
import { causeOf, messageOf, refusalIn } from '../effects/failures.ts';
import { HEARTBEAT_TIMEOUT } from '../effects/limits.ts';
import { type NoticesInput, noticesSignal, sessionOfNotices } from '../messages.ts';
import { isLong } from '../sdk/isLong.ts';

/** A notice is tried once in any case, and this long, in milliseconds. */
const LEAST = 60_000;

/**
 * Delivers the notices of one session: to each destination in their order, whatever becomes of the others. It is there
 * from the first notice until none waits.
 */
export async function custodyNotices(input: NoticesInput = {}): Promise<void> {
  const { state = NOTHING_SENT, eventsPerRun = LIMITS.eventsPerRun } = counts(
    input,
    workflowInfo().runStartTime.getTime(),
  )
    ? input
    : {};
  let sent = state;
  let heard = 0;
  setHandler(
    noticesSignal,
    (given) => {
      heard += 1;
      const passed = counts(given, Date.now()) ? parsePassedOn(given) : undefined;
      if (passed) sent = take(sent, passed, Date.now());
    },
    { description: NOTICES },
  );
  // The signal that starts the workflow may be handed to it after its start.
  if (isEmpty(sent)) await condition(() => heard > 0, '10s');
  const scope = new CancellationScope();
  const busy = new Set<string>();
  let shown: Deliveries | undefined;
  while (!isEmpty(sent)) {
    if (isLong(eventsPerRun)) scope.cancel();
    else
      for (const [to, [head]] of Object.entries(sent.queues)) {
        if (!head || busy.has(to)) continue;
        busy.add(to);
        void scope
          .run(() => deliver(to, head, sent))
          .then((refusal) => {
            busy.delete(to);
            if (refusal !== 'given up') sent = settle(sent, to, refusal, Date.now());
          });
      }
    if (sent !== shown) show(sent);
    const [before, size] = [(shown = sent), busy.size];
    if (isLong(eventsPerRun) && busy.size === 0) break;
    await condition(() => sent !== before || busy.size !== size);
  }
  if (isEmpty(sent)) return show(sent);
  await makeContinueAsNewFunc<typeof custodyNotices>({})({ state: sent, eventsPerRun });
}

/** Whatever no worker of the deployment made is disregarded, where there is a key. */
function counts(given: unknown, at: number): boolean {
  const unproven = unprovenIn(given);
  return !unproven || countsAnyway(unproven, at);
}

const isEmpty = ({ queues }: Deliveries): boolean => Object.keys(queues).length === 0;

const show = (sent: Deliveries): void => upsertMemo({ notices: shownOf(sent) as never });

/** Null once it is delivered; else why it never will be. `given up`: the next run tries it again. */
async function deliver(
  to: string,
  { notice, until }: Waiting,
  { about }: Deliveries,
): Promise<Refusal | null | 'given up'> {
  const { workflowId, taskQueue } = workflowInfo();
  const activities = proxyActivities<Activities>({
    taskQueue: noticesQueue(taskQueue),
    activityId: `${to}/${keyOf(notice)}`,
    startToCloseTimeout: '30s',
    scheduleToCloseTimeout: Math.max(until - Date.now(), LEAST),
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { initialInterval: '5s', maximumInterval: '1h' },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary: `${notice.kind} to ${to}`,
  });
  const delivery: Delivery = { to, session: sessionOfNotices(workflowId), about: about!, notice };
  try {
    await activities.deliver(delivery);
    return null;
  } catch (error) {
    return isGivenUp(error) ? 'given up' : refusalOf(error);
  }
}

/** It was cancelled, or failed while it was to be: then it is not tried again by itself. */
const isGivenUp = (error: unknown): boolean =>
  isCancellation(error) || (error instanceof ActivityFailure && error.retryState === 'CANCEL_REQUESTED');

/** Where time ran out, it is what the last try failed of. */
function refusalOf(error: unknown): Refusal {
  const cause = causeOf(error);
  const last = cause instanceof TimeoutFailure && cause.cause instanceof Error ? cause.cause : cause;
  if (last instanceof ApplicationFailure) return refusalIn(last);
  return { code: 'NOTICE_NOT_DELIVERED', message: `no worker said what became of it: ${messageOf(last)}` };
}
