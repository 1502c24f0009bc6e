import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkEvents } from '../../../audit/check/events/check.ts';
import { kindOf } from '../../../audit/check/events/kinds.ts';
import type { GivenRun } from '../../../audit/check/finding.ts';
import type { HistoryEvent } from '../../../audit/history.ts';
import { check, codesIn, RECORDED, runsOf } from './recorded.ts';
import { MUTATIONS, renumbered } from './mutations.ts';

/** What is not whole among the recorded: the run before a recovery was not kept, and one workflow is no session. */
const KNOWN: { readonly [name: string]: readonly string[] } = {
  recovered: ['RUN_MISSING'],
  'notices-delivered': ['NO_SESSION'],
};

test.each(RECORDED)('A3: the recorded session %s is whole', async (name) => {
  expect(codesIn(await check(await runsOf(name)))).toEqual(KNOWN[name] ?? []);
});

test('A2: any event of any recorded history that is deleted, doubled or swapped with the next is found', async () => {
  let tried = 0;
  for (const name of RECORDED)
    for (const run of await runsOf(name))
      for (const index of run.events.keys())
        for (const [mutation, mutate] of Object.entries(MUTATIONS)) {
          const events = mutate(run.events, index);
          if (events === run.events) continue;
          tried += 1;
          const { findings } = checkEvents([{ ...run, events }], undefined);
          const isFound = findings.some(({ severity }) => severity !== 'note');
          expect(isFound, `event ${index + 1} of ${run.runId} of ${name} ${mutation}`).toBe(true);
        }
  console.log(`events that were deleted, doubled or swapped: ${tried}, all found`);
  expect(tried).toBeGreaterThan(6000);
});

/**
 * Kinds of which one event can be deleted so that nothing but a replay, or the seal, finds it, where all others are
 * given new ids that fit. docs/audit.md names them.
 */
const ONLY_SEALED: ReadonlySet<string> = new Set([
  'upsertWorkflowSearchAttributes',
  'timerStarted',
  'timerCanceled',
  'timerFired',
  'workflowExecutionSignaled',
  'workflowExecutionCancelRequested',
  'externalWorkflowExecutionSignaled',
  'activityTaskCancelRequested',
]);

test('A2: so is one that is deleted while all others get ids that fit, but of kinds that nothing needs', async () => {
  let [tried, found] = [0, 0];
  for (const name of RECORDED.filter((each) => each !== 'notices-delivered')) {
    const runs = await runsOf(name);
    const known = KNOWN[name] ?? [];
    for (const [place, run] of runs.entries())
      for (const [index, event] of run.events.entries()) {
        const changed = { ...run, events: renumbered(run.events.toSpliced(index, 1)) };
        const checked = await check(runs.with(place, changed));
        const isFound = codesIn(checked).length > known.length;
        const kind = kindOf(event) ?? '';
        tried += 1;
        if (isFound) found += 1;
        if (!ONLY_SEALED.has(kind) && !isNotWaitedFor(run, event))
          expect(isFound, `${kind}, event ${index + 1} of ${run.runId} of ${name}`).toBe(true);
      }
  }
  const said = `of ${tried.toLocaleString('en')}, all but ${tried - found} are found`;
  expect(readFileSync('docs/audit.md', 'utf8')).toContain(said);
  expect(found / tried).toBeGreaterThan(0.85);
});

/** The end of an activity that a session need not wait for: a notice is passed on, or it was asked to end. */
function isNotWaitedFor({ events }: GivenRun, { activityTaskCompletedEventAttributes: end }: HistoryEvent): boolean {
  const isIts = (id: unknown): boolean =>
    end !== undefined && end !== null && String(id) === String(end.scheduledEventId);
  const scheduled = events.find(({ eventId }) => isIts(eventId))?.activityTaskScheduledEventAttributes;
  if (scheduled?.activityType?.name === 'passOn') return true;
  return events.some((event) => isIts(event.activityTaskCancelRequestedEventAttributes?.scheduledEventId));
}
