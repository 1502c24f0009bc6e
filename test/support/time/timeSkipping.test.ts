import { Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { requireTool, ToolMissing } from './requireTool.ts';
import { startTimeSkipping } from './timeSkipping.ts';
import { sleepADay } from './workflows/sleepADay.ts';

const environment = await requireTool('tests of long timers', startTimeSkipping);

afterAll(async () => {
  await environment?.teardown();
});

test.skipIf(environment === undefined)('the time-skipping server passes 24 hours while one waits', async () => {
  const { client, nativeConnection } = environment!;
  const taskQueue = 'sleep';
  const worker = await Worker.create({
    connection: nativeConnection,
    taskQueue,
    workflowsPath: fileURLToPath(new URL('./workflows/sleepADay.ts', import.meta.url)),
  });
  const slept = await worker.runUntil(client.workflow.execute(sleepADay, { taskQueue, workflowId: 'sleep' }));
  expect(slept).toBeGreaterThanOrEqual(24 * 60 * 60 * 1000);
});

test('a missing tool skips tests outside CI and fails them in CI', async ({ onTestFinished }) => {
  const before = process.env['CI'];
  onTestFinished(() => {
    if (before === undefined) delete process.env['CI'];
    else process.env['CI'] = before;
  });
  const missing = (): Promise<string> => Promise.reject(new ToolMissing('`java` is not installed'));

  delete process.env['CI'];
  expect(await requireTool('a test of this test', missing)).toBeUndefined();
  process.env['CI'] = 'true';
  await expect(requireTool('a test of this test', missing)).rejects.toThrow('`java` is not installed');
});
