import { describe, expect, test } from 'vitest';
import { failedTasksOf } from '../../support/failedTasks.ts';
import { eventually } from '../../support/harness.ts';
import { resetSession } from '../../support/reset.ts';
import { harness, timeline } from '../harness.ts';
import { append, begun, handle, replays, running, tuning } from './harness.ts';

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
      expect((await timeline(id)).map(({ kind }) => kind)).toContain('reset');

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
