import { describe, expect, test } from 'vitest';
import { harness, running } from '../harness.ts';

describe('a session from start to end', () => {
  test('L1, E6: a plan runs its steps in order with references and parallel groups, and completes', async () => {
    const { id } = await harness.custody.start(
      harness.spec({
        plan: [
          { call: 'journal.upsert', args: { key: 'a', value: 'one' } },
          { call: 'journal.lookup', as: 'found', args: { key: 'a' } },
          {
            parallel: [
              { call: 'journal.append', args: { text: 'got ${found.structuredContent.value}' } },
              { call: 'journal.append', args: { text: '$${plain}' } },
              { wait: 50 },
            ],
          },
        ],
      }),
    );
    const view = await harness.custody.session(id).wait();
    expect(view).toMatchObject({
      state: 'COMPLETED',
      outcome: 'COMPLETED',
      runs: 1,
      restarts: 0,
      openCalls: [],
      plan: { done: 3, of: 3 },
    });
    expect(view.calls.map(({ callId, outcome }) => [callId, outcome]).sort()).toEqual([
      ['plan/1', 'succeeded'],
      ['plan/3.1', 'succeeded'],
      ['plan/3.2', 'succeeded'],
      ['plan/found', 'succeeded'],
    ]);
    const texts = harness
      .journal()
      .filter(({ phase, tool }) => phase === 'end' && tool === 'append')
      .map(({ args }) => args.text);
    expect(texts.sort()).toEqual(['${plain}', 'got one']);
  });

  test(
    'E6: a step that fails ends the session by default, is passed over with onError: continue, and pauses with ' +
      'onError: pause',
    async () => {
      const failing = (onError?: 'continue' | 'pause' | 'fail') =>
        harness.spec({
          plan: [
            { call: 'journal.fail', ...(onError ? { onError } : {}) },
            { call: 'journal.lookup', args: { key: 'x' } },
          ],
        });
      const [stopped, passed, paused] = await Promise.all(
        [failing(), failing('continue'), failing('pause')].map((spec) =>
          harness.custody.start(spec).then(({ id }) => id),
        ),
      );
      expect(await harness.custody.session(stopped as string).wait()).toMatchObject({
        state: 'FAILED',
        code: 'PLAN_STEP_FAILED',
        reason: expect.stringContaining('failed as asked'),
      });
      expect(await harness.custody.session(passed as string).wait()).toMatchObject({ state: 'COMPLETED' });
      expect(await harness.until(paused as string, ({ state }) => state === 'PAUSED')).toMatchObject({
        cause: 'review',
      });
      await harness.custody.session(paused as string).resume();
      expect(await harness.custody.session(paused as string).wait()).toMatchObject({ state: 'COMPLETED' });
    },
  );

  test(
    'L2: INIT fails before any tool ran, naming the server and the reason, for ' + 'each way in which it can fail',
    async () => {
      const before = harness.journal().length;
      const start = async (spec: object) =>
        (
          await harness.custody.start(
            harness.spec({ plan: [{ call: 'journal.append', args: { text: 'no' } }], ...spec }),
          )
        ).wait();
      expect(await start({ profile: 'nobody' })).toMatchObject({
        state: 'FAILED',
        code: 'UNKNOWN_PROFILE',
        reason: expect.stringContaining('nobody'),
      });
      expect(await start({ servers: ['journal', 'nowhere'] })).toMatchObject({
        state: 'FAILED',
        code: 'UNKNOWN_SERVER',
        reason: expect.stringContaining('nowhere'),
      });
      expect(await start({ overrides: { session: { timeout: '300d' } } })).toMatchObject({
        state: 'FAILED',
        code: 'OVERRIDE_OUT_OF_BOUNDS',
        reason: expect.stringContaining('timeout'),
      });
      expect(harness.journal()).toHaveLength(before);
    },
  );

  test('L1: complete and cancel end a session by way of AUDIT, and Temporal shows the two apart', async () => {
    const [completed, cancelled] = [await running(), await running()];
    await harness.custody.session(completed).complete({ reason: 'all done' });
    await harness.custody.session(cancelled).cancel({ reason: 'no longer wanted' });
    expect(await harness.custody.session(completed).wait()).toMatchObject({ state: 'COMPLETED', reason: 'all done' });
    expect(await harness.custody.session(cancelled).wait()).toMatchObject({
      state: 'FAILED',
      code: 'SESSION_CANCELLED',
      reason: expect.stringContaining('no longer wanted'),
    });
    const status = async (id: string) => (await harness.custody.temporal.workflow.getHandle(id).describe()).status.name;
    expect([await status(completed), await status(cancelled)]).toEqual(['COMPLETED', 'FAILED']);
  });

  test("L11: Temporal's cancel acts as custody cancel: the session ends by way of AUDIT", async () => {
    const id = await running();
    await harness.custody.temporal.workflow.getHandle(id).cancel();
    expect(await harness.custody.session(id).wait()).toMatchObject({
      state: 'FAILED',
      code: 'SESSION_CANCELLED',
      reason: expect.stringMatching(/^cancelled in Temporal by \S+/),
    });
  });

  test('L1: a session id is used once, also after its session has ended', async () => {
    const id = await running();
    await expect(harness.custody.start(harness.spec(), { id })).rejects.toMatchObject({ code: 'SESSION_EXISTS' });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    await expect(harness.custody.start(harness.spec(), { id })).rejects.toMatchObject({ code: 'SESSION_EXISTS' });
    await expect(harness.custody.session(id).pause()).rejects.toMatchObject({ code: 'SESSION_ENDED' });
    await expect(harness.custody.session('no-such-session').pause()).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
  });
});
