import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { verifyNamespaceAt } from '../../cli/audit/namespaceLog.ts';
import type { NamespaceLogState } from '../../protocol/evidence/namespaceLog.ts';
import { NAMESPACE_LOG_TYPE, namespaceLogId } from '../../workflows/messages.ts';
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
});
