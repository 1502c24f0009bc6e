import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { watcherId } from '../../workflows/messages.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { eventually, Harness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  installRuntime(pino({ level: 'silent' }));
  harness = await Harness.start({ worker: { watchEvery: 60_000 } });
});
afterAll(() => harness?.stop());

/** Seconds that a worker has for one task of a workflow, in its last run; undefined while there is none. */
const taskTimeout = (id: string): Promise<number | undefined> =>
  harness.custody.temporal.workflow
    .getHandle(id)
    .describe()
    .then(
      ({ raw }) => Number(raw.executionConfig?.defaultWorkflowTaskTimeout?.seconds),
      () => undefined,
    );

test('a worker has 20 s for a task of a session, however its run began, and for one of the watcher', async () => {
  const { id } = await harness.custody.start(harness.spec(), { tuning: { eventsPerRun: 30 } });
  expect(await taskTimeout(id), 'started').toBe(20);
  await harness.until(id, ({ state }) => state === 'RUNNING');
  await harness.custody.session(id).checkpoint('here', { reason: 'to fork from' });
  for (let call = 0; call < 4; call += 1) await harness.custody.session(id).call('journal.lookup', { key: `k${call}` });
  await harness.until(id, ({ runs }) => runs > 1);
  expect(await taskTimeout(id), 'continued as new').toBe(20);

  const { id: fork } = await harness.custody.session(id).fork({ at: 'here', reason: 'another way' });
  expect(await taskTimeout(fork), 'forked').toBe(20);

  await harness.custody.temporal.workflow.getHandle(id).terminate('by mistake');
  await harness.custody.session(id).recover({ reason: 'it was a mistake' });
  expect(await taskTimeout(id), 'recovered').toBe(20);

  const watcher = await eventually(() => taskTimeout(watcherId(harness.custody.taskQueue)), 'the watcher runs');
  expect(watcher, 'the watcher').toBe(20);
});
