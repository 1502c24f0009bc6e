import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { METADATA_ENCODING_KEY, type Payload } from '@temporalio/common';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import { setCurrentDetails } from '@temporalio/workflow';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { failedTasksOf } from '../../support/failedTasks.ts';
import { eventually } from '../../support/harness.ts';
import { logToConsole } from '../../support/sdkLog.ts';
import { temporalAddress } from '../../support/temporal.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const taskQueue = `bare-${randomUUID()}`;

let [stop, client] = [(): Promise<unknown> => Promise.resolve(), undefined as unknown as Client];
beforeAll(async () => {
  logToConsole();
  const address = temporalAddress();
  const [connection, native] = [await Connection.connect({ address }), await NativeConnection.connect({ address })];
  client = new Client({ connection });
  const worker = await Worker.create({
    connection: native,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: at('./bare/workflows.ts'),
      preloadModules: [at('./bare/shared.ts')],
      logger: new DefaultLogger('ERROR'),
    }),
  });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await Promise.all([connection.close(), native.close()]);
  };
});
afterAll(() => stop());

/** Starts a bare workflow; it is ended with the test. */
async function start(type: string, end: (stop: () => Promise<void>) => void): Promise<WorkflowHandle> {
  const handle = await client.workflow.start(type, { taskQueue, workflowId: randomUUID() });
  end(() =>
    handle.terminate().then(
      () => undefined,
      () => undefined,
    ),
  );
  return handle;
}

const firstFailure = ({ workflowId }: WorkflowHandle): Promise<string> =>
  eventually(async () => (await failedTasksOf(client, workflowId))[0], 'a task of the workflow fails');

// Each of these fails where the SDK has mended the fault: what stands in workflows/sdk against it can go then.
describe('without its workaround, the SDK still', () => {
  test('fails for ever on a signal of a name that Temporal keeps for itself (reservedNames)', async ({
    onTestFinished,
  }) => {
    const handle = await start('listening', onTestFinished);
    await handle.signal('__temporal_told');
    expect(await firstFailure(handle)).toContain('__temporal_');
  });

  test('fails for ever on a signal that cannot be decoded (payloadConverter)', async ({ onTestFinished }) => {
    const handle = await start('listening', onTestFinished);
    const encoding = new TextEncoder().encode('json/plain');
    const data = new TextEncoder().encode('{ no json');
    await client.connection.workflowService.signalWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: handle.workflowId },
      signalName: 'told',
      input: { payloads: [{ metadata: { [METADATA_ENCODING_KEY]: encoding }, data } satisfies Payload] },
    });
    expect(await firstFailure(handle)).toContain('JSON');
  });

  test('freezes what workflows share, which zod does not bear (sharedSchemas)', async ({ onTestFinished }) => {
    expect(await firstFailure(await start('reading', onTestFinished))).toMatch(/read only|not extensible/);
  });

  test('takes the stack of each promise, with no option not to (stackTraces)', async ({ onTestFinished }) => {
    const handle = await start('listening', onTestFinished);
    expect(await handle.query('__stack_trace')).toContain('at listening');
  });

  test('takes the details that the UI shows as a text alone, set in advance (details)', () => {
    expectTypeOf(setCurrentDetails).parameters.toEqualTypeOf<[string]>();
  });

  test('does not tell a workflow that it was reset (resets)', async ({ onTestFinished }) => {
    const known = (await (await start('informed', onTestFinished)).result()) as string[];
    expect(known).toContain('runId');
    expect(known.filter((name) => /reset/i.test(name))).toEqual([]);
  });
});
