import { describe, expect, test } from 'vitest';
import { eventually } from '../../support/harness.ts';
import { harness, timeline } from '../harness.ts';
import { append, begun, handle, replays, running, tuning } from './harness.ts';

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

      const story = await timeline(id);
      expect(story.map(({ kind }) => kind)).toEqual(
        expect.arrayContaining(['started', 'ended', 'recovered', 'review-due', 'reviewed']),
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
    const gone = expect(append(id, 'slow', { delayMs: 1500 })).rejects.toMatchObject({ code: 'SESSION_ENDED' });
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
