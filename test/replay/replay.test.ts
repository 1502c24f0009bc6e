import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { logToConsole } from '../support/sdkLog.ts';
import { SCENARIOS } from './scenarios.ts';

logToConsole();

/**
 * Recorded histories guard each change to the workflow: sessions that are running must go on under the new code.
 * `CUSTODY_RECORD=1 npx vitest run` records the scenarios that have no history yet (record.ts). A recorded history
 * stays as it is; where a change cannot replay it, the change needs `patched`.
 */
const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const codePath = fileURLToPath(new URL('../../dist/workflows/bundle.cjs', import.meta.url));
interface History {
  readonly events: readonly [{ readonly workflowExecutionStartedEventAttributes: { readonly workflowId: string } }];
}

const recorded = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort();

test('L1: every scenario has a recorded history', () => {
  for (const name of Object.keys(SCENARIOS))
    expect(
      recorded().some((file) => file.startsWith(`${name}.run`)),
      name,
    ).toBe(true);
});

test.each(recorded())(
  'L6: a session of the recorded history %s replays under the workflow as it is now',
  async (file) => {
    const history = JSON.parse(readFileSync(folder + file, 'utf8')) as History;
    // A later run of a session takes over only what a session of its own id carried.
    const { workflowId } = history.events[0].workflowExecutionStartedEventAttributes;
    await Worker.runReplayHistory({ workflowBundle: { codePath }, replayName: file }, history, workflowId);
  },
);

test('L6: a history in which something else happened does not replay: the guard is real', async () => {
  const history = JSON.parse(readFileSync(`${folder}plan.run1.json`, 'utf8')) as {
    events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[];
  };
  const scheduled = history.events.find(
    ({ activityTaskScheduledEventAttributes: attributes }) => attributes?.activityType.name === 'callTool',
  );
  if (scheduled?.activityTaskScheduledEventAttributes)
    scheduled.activityTaskScheduledEventAttributes.activityType.name = 'somethingElse';
  await expect(Worker.runReplayHistory({ workflowBundle: { codePath } }, history)).rejects.toThrow(/nondeterminism/i);
});
