import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findingsOf } from '../../client/list/findings.ts';
import type { Finding } from '../../session/watcher/watch.ts';
import { findingsQuery, watcherId, WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { eventually, Harness } from '../support/harness.ts';
import { resetSession } from '../support/reset.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({ worker: { watchEvery: 1000 } });
});
afterAll(() => harness?.stop());

const handle = (id: string, runId?: string) => harness.custody.temporal.workflow.getHandle(id, runId);
const running = async (): Promise<string> => {
  const { id } = await harness.custody.start(harness.spec());
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
};
const found = (id: string, what: Finding['what']): Promise<Finding> =>
  eventually(
    async () =>
      (await findingsOf(harness.custody.temporal, harness.custody.taskQueue)).find(
        (each) => each.id === id && each.what === what,
      ),
    `${id} ${what}`,
    45_000,
  );
/** The watcher has seen a session once a later one is on its record. */
const seenBy = async (): Promise<void> => {
  const marker = await running();
  await handle(marker).terminate('marker');
  await found(marker, 'terminated');
};

describe('L11: the watcher', () => {
  test('U2: the watcher is in no list of workflows', async () => {
    const { taskQueue, temporal } = harness.custody;
    const listed = async (more: string) => (await temporal.workflow.count(`TaskQueue = '${taskQueue}'${more}`)).count;
    await running();
    await eventually(() => listed(` AND TemporalNamespaceDivision = 'custody'`), 'the watcher is found by its mark');
    expect(await listed(` AND WorkflowType = 'custodyWatcher'`)).toBe(0);
  });

  test('notices who terminated a session, when and why, and keeps it on record', async () => {
    const id = await running();
    await handle(id).terminate('pressed');
    const finding = await found(id, 'terminated');
    expect(finding).toMatchObject({ by: expect.stringContaining('@'), reason: 'pressed', since: expect.any(Number) });
    expect(
      (await handle(watcherId(harness.custody.taskQueue)).query(findingsQuery)).map(({ id: each }) => each),
    ).toContain(id);
    const { events } = await handle(watcherId(harness.custody.taskQueue)).fetchHistory();
    const written = JSON.stringify(
      events?.flatMap(({ workflowPropertiesModifiedEventAttributes: memo }) =>
        memo?.upsertedMemo?.fields?.audit?.data ? [Buffer.from(memo.upsertedMemo.fields.audit.data).toString()] : [],
      ),
    );
    expect(written).toContain(`${id} was terminated in Temporal by`);
  });

  test('notices a reset, of a session that was open and of one that had ended', async () => {
    const open = await running();
    await harness.custody.session(open).call('journal.append', { text: 'a' });
    await resetSession(harness.custody.temporal, open, (tasks) => tasks.at(-1));
    expect(await found(open, 'reset')).toMatchObject({ reason: expect.any(String) });
    const ended = await running();
    await harness.custody.session(ended).complete();
    await harness.custody.session(ended).wait();
    await seenBy();
    await resetSession(harness.custody.temporal, ended, (tasks) => tasks.at(-2));
    await found(ended, 'reset');
  });

  test('A6, U2: a memo that nobody can read hides no other session, from the watcher or from lists', async () => {
    const { taskQueue, temporal } = harness.custody;
    const unreadable = { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.alloc(9) };
    await temporal.workflowService.startWorkflowExecution({
      namespace: 'default',
      requestId: 'unreadable',
      workflowId: 'unreadable-memo',
      workflowType: { name: WORKFLOW_TYPE },
      taskQueue: { name: taskQueue },
      memo: { fields: { started: unreadable } },
    });
    await eventually(async () => {
      for await (const { id, reason } of harness.custody.list()) if (id === 'unreadable-memo') return reason === null;
      return undefined;
    }, 'it is listed');
    const id = await running();
    await handle(id).terminate('pressed');
    await found(id, 'terminated');
  });

  test('notices a session that was deleted, and says so where it is asked for', async () => {
    const id = await running();
    await seenBy();
    await harness.custody.temporal.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: id },
    });
    expect(await found(id, 'deleted')).toMatchObject({ id });
    await expect(harness.custody.session(id).describe()).rejects.toMatchObject({
      code: 'HISTORY_GONE',
      message: expect.stringContaining('deleted in Temporal'),
    });
    await expect(harness.custody.session(id).recover({ reason: 'x' })).rejects.toMatchObject({
      code: 'HISTORY_GONE',
      message: expect.stringContaining('deleted in Temporal'),
    });
  });

  test('is one for a task queue, is no session in lists, and comes back when it was terminated', async () => {
    const watcher = handle(watcherId(harness.custody.taskQueue));
    const { runId } = await watcher.describe();
    await harness.stopWorker();
    await harness.startWorker();
    expect((await watcher.describe()).runId).toBe(runId);
    for await (const { id } of harness.custody.list({ limit: 1000 })) expect(id).not.toMatch(/^custody-watcher/);
    await watcher.terminate('pressed');
    await harness.stopWorker();
    await harness.startWorker();
    await eventually(async () => (await watcher.describe()).status.name === 'RUNNING' || undefined, 'it runs again');
  });
});
