import {
  makeContinueAsNewFunc,
  proxyActivities,
  setHandler,
  sleep,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/types.ts';
import { countsAnyway, unprovenIn } from '../../protocol/values/unproven.ts';
import {
  findingText,
  forget,
  knownFrom,
  look,
  mustSearch,
  NEW_WATCH,
  WATCH,
  type WatchState,
} from '../../session/watcher/watch.ts';
import { QUERIES } from '../descriptions.ts';
import { findingsQuery, WATCH_EVERY, type WatcherInput } from '../messages.ts';
import { isLong } from '../sdk/isLong.ts';

/**
 * Finds out what was done to sessions in Temporal past them: terminated, reset, deleted. One for each task queue,
 * for ever.
 */
export async function custodyWatcher(input: WatcherInput = {}): Promise<void> {
  const { state = NEW_WATCH, every = WATCH_EVERY } = input;
  let watch = isProven(input) ? state : NEW_WATCH;
  let written = watch.last;
  setHandler(findingsQuery, () => watch.findings, { description: QUERIES.findings });
  show(watch, watch.last);
  const { lookAround, whichAreGone } = proxyActivities<Activities>({
    startToCloseTimeout: '2m',
    heartbeatTimeout: '10s',
    retry: { maximumInterval: '30s' },
  });
  for (;;) {
    watch = look(watch, await lookAround({ since: watch.since, from: knownFrom(watch) }));
    if (mustSearch(watch)) {
      const runs = Object.entries(watch.known).map(([runId, { id, closedAt }]) => ({ runId, id, closedAt }));
      watch = forget(watch, await whichAreGone({ runs, from: knownFrom(watch) }), Date.now());
    }
    if (watch.last > written) show(watch, written);
    written = watch.last;
    if (isLong()) await makeContinueAsNewFunc<typeof custodyWatcher>({})({ state: watch, every });
    await sleep(every, { summary: 'until the next look' });
  }
}

/** What a run before knew counts where a worker of the deployment handed it over. */
function isProven(input: WatcherInput): boolean {
  const unproven = unprovenIn(input);
  return !unproven || countsAnyway(unproven, workflowInfo().runStartTime.getTime());
}

/** On record in the memo: what was found since, numbered, and the last findings for those who ask without a worker. */
function show({ findings }: WatchState, since: number): void {
  const fresh = findings
    .filter(({ n }) => n > since)
    .map((finding) => ({
      n: finding.n,
      at: finding.at,
      layer: 'compliance',
      kind: finding.what,
      text: findingText(finding),
    }));
  upsertMemo({
    findings: findings.slice(-WATCH.shown) as never,
    ...(fresh.length > 0 ? { audit: fresh.slice(-WATCH.shown) as never } : {}),
  });
}
