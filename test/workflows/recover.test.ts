import { Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failedTasksOf } from '../support/failedTasks.ts';
import { eventually, Harness } from '../support/harness.ts';
import { resetSession } from '../support/reset.ts';

const codePath = fileURLToPath(new URL('../../dist/workflows/bundle.cjs', import.meta.url));

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

const tuning = { recallWait: 2000 };
const handle = (id: string, runId?: string) => harness.custody.temporal.workflow.getHandle(id, runId);

const running = async (spec = {}, more = {}): Promise<string> => {
  const { id } = await harness.custody.start(harness.spec(spec), { tuning: { ...tuning, ...more } });
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
};

/** How often a call reached the server. */
const begun = (id: string, callId: string): number =>
  harness.journal().filter(({ phase, idempotencyKey }) => phase === 'begin' && idempotencyKey === `${id}/${callId}`)
    .length;

const append = (id: string, callId: string, args = {}) =>
  harness.custody.session(id).call('journal.append', { text: callId, ...args }, { callId });

/** A worker that reads the history anew comes to the same decisions. */
const replays = async (id: string): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle: { codePath } }, await handle(id).fetchHistory(), id);

const records = async (id: string) => {
  const found = [];
  for await (const entry of harness.custody.session(id).watch({ follow: false })) found.push(entry);
  return found;
};

describe('L11: a session that was terminated in Temporal', () => {
  test(
    'is SESSION_LOST with who, when and why; recovered, it has its calls, deadline and duties, and no call has ' +
      'a second effect',
    async () => {
      const id = await running();
      const first = await append(id, 'a');
      const before = await harness.custody.session(id).describe();
      await handle(id).terminate('pressed the wrong button');
      await expect(harness.custody.session(id).describe()).rejects.toMatchObject({
        code: 'SESSION_LOST',
        message: expect.stringMatching(/TERMINATED in Temporal since 20\S+, by .*@.*: pressed the wrong button/),
        remedy: expect.stringContaining('custody recover'),
      });

      const view = await harness.custody.as('ann').session(id).recover({ reason: 'by mistake' });
      expect(view).toMatchObject({
        state: 'PAUSED',
        cause: 'incident',
        reason: 'recovered: by mistake',
        runs: 2,
        startedAt: before.startedAt,
        deadlineAt: before.deadlineAt,
        calls: before.calls,
      });
      const again = append(id, 'a');
      const other = append(id, 'b');
      await harness.until(id, ({ openCalls }) => openCalls.length === 1);
      await harness.custody.session(id).resume({ reason: 'it is well' });
      expect(await again).toEqual(first);
      expect(await other).toMatchObject({ outcome: 'succeeded' });
      expect([begun(id, 'a'), begun(id, 'b')]).toEqual([1, 1]);
      await replays(id);
      await harness.custody.session(id).complete();
      expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });

      const story = await records(id);
      expect(story.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['started', 'ended', 'recovered', 'check-due', 'checked']),
      );
      expect(story.find(({ kind }) => kind === 'recovered')).toMatchObject({
        layer: 'compliance',
        by: 'ann',
        text: expect.stringMatching(/^goes on from run [0-9a-f-]{36}: by mistake$/),
      });
      const numbers = story.flatMap(({ record }) => record ?? []).sort((a, b) => a - b);
      expect(new Set(numbers).size, 'no record number twice').toBe(numbers.length);
      expect(numbers.every((number, index) => index === 0 || number - (numbers[index - 1] as number) <= 2)).toBe(true);
    },
  );

  test('while a call ran: its worker is asked, and what it knows is the answer', async () => {
    const id = await running();
    const gone = expect(append(id, 'slow', { delayMs: 1500 })).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    await eventually(() => begun(id, 'slow') === 1 || undefined, 'at the server');
    await handle(id).terminate('pressed');
    await gone;
    await harness.custody.session(id).recover({ reason: 'by mistake', tuning });
    const view = await harness.until(id, ({ openCalls }) => openCalls.length === 0);
    expect(view).toMatchObject({ state: 'PAUSED', calls: [{ callId: 'slow', outcome: 'succeeded', attempts: 1 }] });
    expect(begun(id, 'slow')).toBe(1);
  });

  test('while a call ran whose worker is gone: it is in doubt, and a person settles it', async () => {
    const id = await running();
    void append(id, 'slow', { delayMs: 1500 }).catch(() => undefined);
    await eventually(() => begun(id, 'slow') === 1 || undefined, 'at the server');
    await handle(id).terminate('pressed');
    await harness.stopWorker();
    await harness.startWorker({ name: 'another', stateDir: `${harness.dir}/elsewhere` });
    try {
      await harness.custody.session(id).recover({ reason: 'by mistake', tuning });
      expect(await harness.until(id, ({ openCalls }) => openCalls[0]?.phase === 'in_doubt')).toMatchObject({
        openCalls: [{ callId: 'slow', trouble: { code: 'SESSION_LOST' } }],
      });
      await harness.custody.session(id).resolve('slow', 'succeeded', { reason: 'it is in the books' });
      expect(begun(id, 'slow')).toBe(1);
    } finally {
      await harness.stopWorker();
      await harness.startWorker();
    }
  });

  test('with commands that no worker had taken up: the state after the last task is recovered', async () => {
    const id = await running();
    await append(id, 'a');
    await harness.stopWorker();
    await handle(id).signal('pause', { actor: 'ann', reason: 'too late' });
    await handle(id).signal('extend', { actor: 'ann', by: '1h' });
    await handle(id).terminate('pressed');
    await harness.startWorker();
    expect(await harness.custody.session(id).recover({ reason: 'by mistake' })).toMatchObject({
      state: 'PAUSED',
      calls: [{ callId: 'a' }],
    });
  });

  test("after it had continued as new, and in its servers' opening", async () => {
    const id = await running({}, { eventsPerRun: 40 });
    for (const callId of ['a', 'b', 'c', 'd', 'e', 'f']) await append(id, callId);
    const { runs } = await harness.custody.session(id).describe();
    expect(runs).toBeGreaterThan(1);
    await handle(id).terminate('pressed');
    expect(await harness.custody.session(id).recover({ reason: 'by mistake' })).toMatchObject({
      state: 'PAUSED',
      runs: runs + 1,
    });
    await handle(id).terminate('pressed again');
    expect(await harness.custody.session(id).recover({ reason: 'by mistake, again' })).toMatchObject({
      state: 'PAUSED',
      runs: runs + 2,
    });
    expect(await append(id, 'a')).toMatchObject({ outcome: 'succeeded' });
    expect(begun(id, 'a')).toBe(1);

    await harness.stopWorker();
    const { id: early } = await harness.custody.start(harness.spec());
    await handle(early).terminate('pressed');
    await harness.startWorker();
    await expect(harness.custody.session(early).recover({ reason: 'by mistake' })).rejects.toMatchObject({
      code: 'HISTORY_GONE',
    });
  });

  test('goes on with its plan', async () => {
    const { id } = await harness.custody.start(
      harness.spec({
        plan: [
          { call: 'journal.append', as: 'one', args: { text: 'one' } },
          { wait: 600_000 },
          { call: 'journal.append', args: { text: '${one.content.0.text}' } },
        ],
      }),
    );
    await harness.until(id, ({ plan }) => plan?.done === 1);
    await handle(id).terminate('pressed');
    expect(await harness.custody.session(id).recover({ reason: 'by mistake' })).toMatchObject({
      plan: { done: 1, of: 3 },
    });
    expect(begun(id, 'plan/one')).toBe(1);
  });
});

describe('L11: a session that was reset in Temporal', () => {
  test(
    'notices it, is PAUSED and makes no call; recovered, it has the newer state, and no call has a second ' + 'effect',
    async () => {
      const id = await running();
      for (const callId of ['a', 'b', 'c']) await append(id, callId);
      await resetSession(harness.custody.temporal, id, (tasks) => tasks.at(-3));
      const reset = await harness.until(id, ({ state }) => state === 'PAUSED');
      expect(reset).toMatchObject({
        cause: 'incident',
        reason: expect.stringContaining('reset in Temporal'),
        resetAt: expect.stringMatching(/^20/),
      });
      const again = append(id, 'c');
      for (const refused of [
        () => harness.custody.session(id).resume(),
        () => harness.custody.session(id).complete(),
        () => harness.custody.session(id).rollback(),
      ])
        await expect(refused()).rejects.toMatchObject({ code: 'SESSION_RESET' });
      await replays(id);
      expect((await records(id)).map(({ kind }) => kind)).toContain('reset');

      const view = await harness.custody.as('ann').session(id).recover({ reason: 'not meant' });
      expect(view).toMatchObject({
        state: 'PAUSED',
        resetAt: null,
        openCalls: [],
        calls: [{ callId: 'a' }, { callId: 'b' }, { callId: 'c', outcome: 'succeeded' }],
      });
      expect(await again).toMatchObject({ outcome: 'succeeded' });
      expect(['a', 'b', 'c'].map((callId) => begun(id, callId))).toEqual([1, 1, 1]);
      expect(await failedTasksOf(harness.custody.temporal, id)).toEqual([]);
      await replays(id);
    },
  );

  test('to its very start, and twice', async () => {
    const id = await running();
    const { runId } = await handle(id).describe();
    await append(id, 'a');
    await resetSession(harness.custody.temporal, id, ([first]) => first);
    await harness.until(id, ({ state }) => state === 'PAUSED');
    await resetSession(harness.custody.temporal, id, (tasks) => tasks.at(-1), runId);
    expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({ resetAt: expect.any(String) });
    expect(await harness.custody.session(id).recover({ reason: 'not meant' })).toMatchObject({
      resetAt: null,
      calls: [{ callId: 'a', outcome: 'succeeded' }],
    });
    expect(begun(id, 'a')).toBe(1);
  });

  test('while a call is under way: Temporal has it made again, and no worker does', async () => {
    const id = await running();
    void append(id, 'slow', { delayMs: 2000 }).catch(() => undefined);
    await eventually(() => begun(id, 'slow') === 1 || undefined, 'at the server');
    await append(id, 'quick');
    await resetSession(harness.custody.temporal, id, (tasks) => tasks.at(-1));
    expect(
      await harness.until(id, ({ openCalls }) =>
        openCalls.some(({ callId, phase }) => callId === 'slow' && phase === 'in_doubt'),
      ),
    ).toMatchObject({ state: 'PAUSED' });
    await harness.custody.session(id).recover({ reason: 'not meant', tuning });
    expect(await harness.until(id, ({ openCalls }) => openCalls.length === 0)).toMatchObject({
      calls: expect.arrayContaining([expect.objectContaining({ callId: 'slow', outcome: 'succeeded' })]),
    });
    expect([begun(id, 'slow'), begun(id, 'quick')]).toEqual([1, 1]);
  });

  test('after its end: recovered, it ends as it had ended', async () => {
    const id = await running();
    await append(id, 'a');
    await harness.custody.session(id).complete({ reason: 'all done' });
    await harness.custody.session(id).wait();
    await resetSession(harness.custody.temporal, id, (tasks) => tasks.at(-3));
    await harness.until(id, ({ resetAt }) => resetAt !== null);
    expect(await harness.custody.session(id).recover({ reason: 'not meant' })).toMatchObject({
      state: 'COMPLETED',
      reason: 'all done',
    });
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
  });

  test('can be cancelled instead, and stays ended then', async () => {
    const id = await running();
    await append(id, 'a');
    await resetSession(harness.custody.temporal, id, (tasks) => tasks.at(-1));
    await harness.until(id, ({ resetAt }) => resetAt !== null);
    await harness.custody.session(id).cancel({ reason: 'enough' });
    expect(await harness.custody.session(id).wait()).toMatchObject({ code: 'SESSION_CANCELLED' });
    await expect(harness.custody.session(id).recover({ reason: 'after all' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RECOVER',
    });
  });
});

describe('L11: recover is refused', () => {
  test('for a session that runs, has ended, or never was, with a code each', async () => {
    const id = await running();
    await expect(harness.custody.session(id).recover({ reason: 'why not' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RECOVER',
      message: expect.stringContaining('RUNNING'),
    });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    await expect(harness.custody.session(id).recover({ reason: 'why not' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RECOVER',
      message: expect.stringContaining('COMPLETED'),
    });
    await expect(harness.custody.session('no-such-session').recover({ reason: 'why not' })).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
  });

  test('where the last run was deleted', async () => {
    const id = await running();
    await append(id, 'a');
    await handle(id).terminate('pressed');
    await harness.custody.session(id).recover({ reason: 'by mistake' });
    const { runId } = await handle(id).describe();
    await harness.custody.temporal.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: id, runId },
    });
    await eventually(
      () =>
        handle(id)
          .describe()
          .then(
            () => undefined,
            () => true,
          ),
      'deleted',
    );
    await expect(harness.custody.session(id).recover({ reason: 'by mistake' })).rejects.toMatchObject({
      code: 'HISTORY_GONE',
    });
  });

  test.each([
    ['no object', { recover: 'all' }],
    ['nobody', { recover: {} }],
    ['the session itself', { recover: { by: { actor: 'custody', reason: 'x' } } }],
    ['no reason', { recover: { by: { actor: 'ann' } } }],
    ['a long name', { recover: { by: { actor: 'a'.repeat(300), reason: 'x' } } }],
    ['text beyond Unicode', { recover: { by: { actor: 'ann', reason: '\ud800' } } }],
    [
      'a state of its own',
      { recover: { by: { actor: 'ann', reason: 'x' } }, carried: { session: {}, record: 0, runs: 1 } },
    ],
  ])('for a run that somebody starts by hand with %s', async (_, input) => {
    const id = `hostile-${Math.random()}`;
    await harness.custody.temporal.workflow.start('custodySession', {
      workflowId: id,
      taskQueue: harness.custody.taskQueue,
      args: [input],
    });
    await expect(handle(id).result()).rejects.toMatchObject({ cause: { type: 'SPEC_INVALID' } });
  });

  test(
    'for a run that somebody starts by hand under an id that no session had; under that of a session that ' +
      'ended, it ends the same way',
    async () => {
      const by = { actor: 'mallory', reason: 'because' };
      const start = (workflowId: string) =>
        harness.custody.temporal.workflow.start('custodySession', {
          workflowId,
          taskQueue: harness.custody.taskQueue,
          args: [{ recover: { by } }],
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        });
      const nobody = `nobody-${Math.random()}`;
      await start(nobody);
      await expect(handle(nobody).result()).rejects.toMatchObject({ cause: { type: 'HISTORY_GONE' } });
      const id = await running();
      await harness.custody.session(id).complete({ reason: 'all done' });
      await harness.custody.session(id).wait();
      await start(id);
      expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED', reason: 'all done' });
    },
  );
});
