import { readFileSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import type { GivenRun } from '../../../audit/check/finding.ts';
import { kindOf, type Kind } from '../../../audit/check/events/kinds.ts';
import { logToConsole } from '../../support/sdkLog.ts';
import { renumbered } from './mutations.ts';
import { runsOf } from './recorded.ts';

logToConsole();

/** Of these kinds `check` finds none that is deleted while all others get new ids; a replay does (docs/audit.md). */
const REPLAYED: readonly (readonly [kind: Kind, session: string])[] = [
  ['upsertWorkflowSearchAttributes', 'budget'],
  ['timerStarted', 'budget'],
  ['timerCanceled', 'budget'],
  ['timerFired', 'deadline-timeout'],
  ['activityTaskCancelRequested', 'recovered'],
  ['workflowExecutionCancelRequested', 'worker-restarted'],
];

test.each(REPLAYED)('A2: a deleted %s of %s is found by a replay', async (kind, session) => {
  const code = readFileSync('dist/workflows/bundle.cjs', 'utf8');
  const [run] = await runsOf(session);
  const index = run!.events.findIndex((event) => kindOf(event) === kind);
  expect(index).toBeGreaterThan(0);
  const { workflowId } = run!.events[0]!.workflowExecutionStartedEventAttributes!;
  const replay = (events: GivenRun['events']) =>
    Worker.runReplayHistory({ workflowBundle: { code } }, { events: [...events] }, workflowId ?? '');
  await replay(run!.events);
  await expect(replay(renumbered(run!.events.toSpliced(index, 1)))).rejects.toThrow(
    /nondeterminism|fatal error in workflow machines/i,
  );
});
