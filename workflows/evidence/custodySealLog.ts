import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import type { NamespaceLeaf, NamespaceLogState } from '../../protocol/evidence/namespaceLog.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isObject } from '../../protocol/values/json.ts';
import { countsAnyway, unprovenIn } from '../../protocol/values/unproven.ts';
import { evidenceQueue } from '../../protocol/workers/queues.ts';
import { LEAVES } from '../descriptions.ts';
import { refusalIn } from '../effects/failures.ts';
import { HEARTBEAT_TIMEOUT } from '../effects/limits.ts';
import { leavesSignal, type NamespaceLogInput } from '../messages.ts';
import { isLong } from '../sdk/isLong.ts';
import { sessionLeavesIn, withLeaves } from './waiting.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/** Leaves that come so soon after another are written with it, in milliseconds. */
const TOGETHER = 5 * SECOND;
/** Between attempts while nothing can be written, beyond those of the activity. */
const AGAIN = 600 * SECOND;
/** Leaves that are written in one step. */
const STEP = 256;

const NOTHING: NamespaceLogState = { size: 0, beatAt: 0 };

/**
 * Writes the log of a namespace and task queue: the only one who does. An archive that is down is tried again for as
 * long as it takes; the memo `log` says how far the log is, and since when nothing could be added. It never ends.
 */
export async function custodySealLog(input: NamespaceLogInput = {}): Promise<void> {
  const { eventsPerRun = LIMITS.eventsPerRun } = input;
  let { state = NOTHING } = input;
  let waiting: readonly NamespaceLeaf[] = input.leaves ?? [];
  setHandler(
    leavesSignal,
    (given) => {
      const { leaves, lost } = withLeaves(waiting, leavesIn(given));
      waiting = leaves;
      if (lost > 0) state = { ...state, lost: (state.lost ?? 0) + lost };
    },
    { description: LEAVES },
  );
  let writing = input.writing ?? [];
  // The next run has not the memo of the one before on every server.
  if (input.state) show(input.state);
  do {
    if (writing.length === 0) {
      const due = state.beatAt + HOUR;
      if (waiting.length === 0 && Date.now() < due) await condition(() => waiting.length > 0, due - Date.now());
      if (waiting.length > 0) await sleep(TOGETHER);
      const at = Date.now();
      const beat: NamespaceLeaf = { v: 1, kind: 'heartbeat', at: new Date(at).toISOString() };
      writing = [...(at >= due ? [beat] : []), ...waiting.slice(0, STEP)];
      waiting = waiting.slice(STEP);
      if (at >= due) state = { ...state, beatAt: at };
    }
    const before = state;
    const next = await write(before, writing);
    // Some may have been lost in the meantime.
    state = { ...next, ...(state.lost !== undefined && { lost: state.lost }) };
    show(state);
    // What was tried is tried again as it is, so that what an attempt wrote before it died is known for it.
    if (next.root === before.root && next.size === before.size) await sleep(AGAIN);
    else writing = [];
  } while (!isLong(eventsPerRun));
  await condition(allHandlersFinished);
  await makeContinueAsNewFunc<typeof custodySealLog>({})({ state, leaves: waiting, writing, eventsPerRun });
}

/** Leaves of sessions that a worker of the deployment gave; heartbeats are made here alone. */
function leavesIn(given: unknown): readonly NamespaceLeaf[] {
  const unproven = unprovenIn(given);
  if (unproven && !countsAnyway(unproven, Date.now())) return [];
  return isObject(given) && Array.isArray(given.leaves) ? sessionLeavesIn(given.leaves, STEP) : [];
}

const show = (log: NamespaceLogState): void => upsertMemo({ log: log as never });

/** Never throws. */
async function write(state: NamespaceLogState, leaves: readonly NamespaceLeaf[]): Promise<NamespaceLogState> {
  const { taskQueue } = workflowInfo();
  const { sealNamespace } = proxyActivities<Activities>({
    taskQueue: evidenceQueue(taskQueue),
    startToCloseTimeout: '10m',
    scheduleToCloseTimeout: '2h',
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: { initialInterval: '2s', maximumInterval: '1m', maximumAttempts: 10 },
    summary: leaves.length === 1 ? 'one leaf' : `${leaves.length} leaves`,
  });
  const { size, root, beatAt } = state;
  const known = root === undefined ? null : { size, root };
  const since = state.failing?.since ?? Date.now();
  try {
    const { failing, ...added } = await sealNamespace({ taskQueue, known, leaves });
    return { ...added, beatAt, ...(failing && { failing: { ...failing, since } }) };
  } catch (error) {
    return { ...state, failing: { ...refusalIn(error), since } };
  }
}
