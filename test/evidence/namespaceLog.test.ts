import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { verifyNamespaceAt } from '../../cli/audit/namespaceLog.ts';
import type { NamespaceLogState } from '../../protocol/evidence/namespaceLog.ts';
import { leavesSignal, NAMESPACE_LOG_TYPE, namespaceLogId } from '../../workflows/messages.ts';
import { EVIDENCE, signingKey } from '../support/evidence/sealing.ts';
import { eventually, Harness } from '../support/harness.ts';
import { requireTool } from '../support/time/requireTool.ts';
import { startTimeSkipping } from '../support/time/timeSkipping.ts';

const { skey, verifier } = await signingKey();
const OPTIONS = { config: { evidence: EVIDENCE }, files: { 'evidence.key': skey as never } };

const logOf = (harness: Harness): string => join(harness.dir, 'evidence/default/log', harness.custody.taskQueue);

const verified = (harness: Harness) => verifyNamespaceAt(logOf(harness), { keys: [verifier] });

async function memoOf(harness: Harness): Promise<NamespaceLogState | undefined> {
  const id = namespaceLogId(harness.custody.taskQueue);
  const described = await harness.custody.temporal.workflow
    .getHandle(id)
    .describe()
    .catch(() => undefined);
  return described?.memo?.log as NamespaceLogState | undefined;
}

async function finished(harness: Harness): Promise<string> {
  const id = await harness.running();
  await harness.custody.session(id).complete({ reason: 'done' });
  await harness.until(id, ({ state }) => state === 'COMPLETED');
  return id;
}

describe('A4: workers write the log of the namespace', () => {
  let harness: Harness;
  afterAll(() => harness?.stop());

  test('by themselves: a session that is over stands in it as a whole, and is missed where it is dropped', async () => {
    harness = await Harness.start(OPTIONS);
    const id = await finished(harness);
    const log = await eventually(async () => {
      const found = await verified(harness);
      return found.sessions === 1 && found.isSound ? found : undefined;
    }, 'the session stands in the log');
    expect(log).toMatchObject({ heartbeats: 1, counts: { UNWITNESSED: 1 } });
    await rm(join(harness.dir, 'evidence/default/sessions', id), { recursive: true });
    expect(await verified(harness)).toMatchObject({ isSound: false, counts: { SESSION_DROPPED: 1 } });
  });
});

const environment: TestWorkflowEnvironment | undefined = await requireTool(
  'the test of hourly heartbeats',
  startTimeSkipping,
);

describe.skipIf(environment === undefined)('A4: the log of the namespace, over hours', () => {
  const env = environment as TestWorkflowEnvironment;
  let harness: Harness;
  afterAll(async () => {
    await harness?.stop();
    await env?.teardown();
  });

  test('has a heartbeat each hour, also after its archive was down', async () => {
    harness = await Harness.start({ ...OPTIONS, address: env.address });
    const { taskQueue, temporal } = harness.custody;
    const log = { workflowId: namespaceLogId(taskQueue), taskQueue, args: [{}] };
    await temporal.workflow.start(NAMESPACE_LOG_TYPE, log);
    await eventually(async () => (await memoOf(harness))?.size, 'the log begins');
    await env.sleep('5h');
    const before = await eventually(async () => {
      const found = await verified(harness);
      return found.heartbeats >= 5 ? found : undefined;
    }, 'a heartbeat each hour');
    expect(before.isSound).toBe(true);
    const [archive, aside] = [join(harness.dir, 'evidence'), join(harness.dir, 'aside')];
    await rename(archive, aside);
    await writeFile(archive, 'no folder');
    await env.sleep('2h');
    await eventually(async () => (await memoOf(harness))?.failing, 'the memo says that nothing can be written');
    await rm(archive);
    await rename(aside, archive);
    await env.sleep('3h');
    const after = await eventually(async () => {
      const found = await verified(harness);
      return found.heartbeats > before.heartbeats + 1 ? found : undefined;
    }, 'heartbeats again');
    expect(after.isSound).toBe(true);
    expect(await memoOf(harness)).not.toHaveProperty('failing');
  });

  test('goes on in a new run with all that waits: nothing is doubled, and what was lost is told', async () => {
    const own = await Harness.start({ ...OPTIONS, address: env.address });
    const { taskQueue, temporal } = own.custody;
    const workflowId = namespaceLogId(taskQueue);
    onTestFinished(async () => {
      // Time does not pass there while a workflow waits for a worker that is gone.
      await temporal.workflow.getHandle(workflowId).terminate();
      await own.stop();
    });
    const log = await temporal.workflow.start(NAMESPACE_LOG_TYPE, {
      workflowId,
      taskQueue,
      args: [{ eventsPerRun: 12 }],
    });
    await eventually(async () => (await memoOf(own))?.size, 'the log begins');
    const [archive, aside] = [join(own.dir, 'evidence'), join(own.dir, 'aside')];
    await rename(archive, aside);
    await writeFile(archive, 'no folder');
    const at = new Date(await env.currentTimeMs()).toISOString();
    const given = Array.from({ length: 4352 }, (_, index) => ({
      v: 1,
      kind: 'session',
      session: `s-${index}`,
      size: 1,
      root: 'a'.repeat(64),
      at,
      whole: true,
    }));
    const isDown = async () => (await memoOf(own))?.failing;
    await temporal.workflow.getHandle(workflowId).signal(leavesSignal, { leaves: given.slice(0, 256) });
    await env.sleep('1m');
    await eventually(isDown, 'nothing can be written');
    for (let first = 256; first < given.length; first += 256)
      await temporal.workflow.getHandle(workflowId).signal(leavesSignal, { leaves: given.slice(first, first + 256) });
    await env.sleep('3h');
    const before = await eventually(async () => {
      const memo = await memoOf(own);
      return memo?.lost ? memo : undefined;
    }, 'what was lost is told');
    expect(before.lost).toBe(4352 - 256 - 4000);
    await rm(archive);
    await rename(aside, archive);
    for (let hours = 0; hours < 5; hours += 1) await env.sleep('1h');
    const found = await eventually(async () => {
      const verification = await verified(own);
      return verification.sessions === 4256 ? verification : undefined;
    }, 'all that waited stands in the log');
    expect(found.counts).toMatchObject({ SESSION_DROPPED: 4256 });
    const after = await eventually(() => memoOf(own), 'the next run has the memo');
    expect(after).toMatchObject({ size: 4256 + found.heartbeats, lost: before.lost });
    const { runId } = await temporal.workflow.getHandle(workflowId).describe();
    expect(runId).not.toBe(log.firstExecutionRunId);
  });
});
