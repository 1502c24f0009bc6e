import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { eventually, Harness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

const running = async (spec = {}, options = {}): Promise<string> => {
  const { id } = await harness.custody.start(harness.spec(spec), options);
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
};

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
      reason: expect.stringContaining('temporal'),
    });
  });

  test('L1: a session id is used once, also after its session has ended', async () => {
    const id = await running();
    await expect(harness.custody.start(harness.spec(), { id })).rejects.toMatchObject({ code: 'SESSION_EXISTS' });
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    await expect(harness.custody.start(harness.spec(), { id })).rejects.toMatchObject({ code: 'SESSION_EXISTS' });
    await expect(harness.custody.session(id).pause()).rejects.toMatchObject({ code: 'SESSION_CLOSED' });
    await expect(harness.custody.session('no-such-session').pause()).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    });
  });
});

describe('pause and resume', () => {
  test('L3, L4: during a pause no call starts; a call that arrives waits and runs once after resume', async () => {
    const id = await running();
    await harness.custody.session(id).pause({ reason: 'lunch' });
    await expect(
      harness.custody.session(id).call('journal.append', { text: 'parked' }, { callId: 'parked', wait: false }),
    ).rejects.toMatchObject({ code: 'CALL_PARKED' });
    const waiting = harness.custody.session(id).call('journal.append', { text: 'parked' }, { callId: 'parked' });
    expect(await harness.custody.session(id).describe()).toMatchObject({
      state: 'PAUSED',
      cause: 'operator',
      reason: 'lunch',
      openCalls: [{ callId: 'parked', phase: 'queued', attempts: 0 }],
    });
    expect(harness.journal().filter(({ args }) => args.text === 'parked')).toHaveLength(0);
    await harness.custody.session(id).resume({ reason: 'back' });
    expect(await waiting).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    expect(harness.journal().filter(({ args, phase }) => args.text === 'parked' && phase === 'begin')).toHaveLength(1);
  });

  test('L4: calls under way drain when a pause begins', async () => {
    const id = await running();
    const call = harness.custody.session(id).call('journal.append', { text: 'draining', delayMs: 700 });
    await eventually(
      () => harness.journal().some(({ args }) => args.text === 'draining') || undefined,
      'the call is under way',
    );
    await harness.custody.session(id).pause();
    expect(await call).toMatchObject({ outcome: 'succeeded' });
    expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'PAUSED' });
  });

  test(
    'L3: pause and resume are signals of plain Temporal, with actor and reason on ' + 'record, or without any input',
    async () => {
      const id = await running();
      const handle = harness.custody.temporal.workflow.getHandle(id);
      await handle.signal('pause', { actor: 'ann', reason: 'by hand' });
      expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
        cause: 'operator',
        reason: 'by hand',
      });
      await handle.signal('resume');
      await harness.until(id, ({ state }) => state === 'RUNNING');
      await handle.signal('rollback', { actor: 'ann', reason: 'undo all' });
      expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'ROLLED_BACK' });
      const entries = await timeline(id);
      expect(
        entries.filter(({ kind }) => kind === 'transition').map(({ by, text }) => [by, text.split(':')[0]]),
      ).toEqual([
        ['custody', 'INIT -> RUNNING'],
        ['ann', 'RUNNING -> PAUSED (operator)'],
        ['unknown', 'PAUSED -> RESUMING'],
        ['custody', 'RESUMING -> RUNNING'],
        ['ann', 'RUNNING -> ROLLBACK'],
        ['custody', 'ROLLBACK -> AUDIT'],
        ['custody', 'AUDIT -> FAILED'],
      ]);
    },
  );

  test('L3: a command repeated under its id is one command', async () => {
    const id = await running();
    const options = { commandId: 'the-same', reason: 'once' };
    await harness.custody.session(id).pause(options);
    await harness.custody.session(id).resume();
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await harness.custody.session(id).pause(options);
    await harness.custody.temporal.workflow.getHandle(id).signal('pause', { actor: 'tester', ...options });
    expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
    expect((await timeline(id)).filter(({ text }) => text.startsWith('RUNNING -> PAUSED'))).toHaveLength(1);
  });

  test(
    'L5, L2: a configuration that changed keeps a session paused until the ' + 'change is accepted, on record',
    async () => {
      const own = await Harness.start();
      try {
        const { id } = await own.custody.start(own.spec());
        await own.until(id, ({ state }) => state === 'RUNNING');
        await own.stopWorker();
        await own.configure({ tools: { 'journal.append': { effect: 'irreversible', timeout: '7s' } } });
        await own.startWorker();
        const call = own.custody.session(id).call('journal.append', { text: 'under which?' });
        expect(await own.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
          cause: 'incident',
          reason: expect.stringContaining('CONFIG_CHANGED'),
        });
        expect(own.journal()).toHaveLength(0);
        await own.custody.session(id).resume();
        expect(
          await own.until(id, ({ state, reason }) => state === 'PAUSED' && reason?.includes('changed since') === true),
        ).toMatchObject({ cause: 'incident' });
        await own.custody.session(id).resume({ acceptChanges: true, reason: 'reviewed' });
        expect(await call).toMatchObject({ outcome: 'succeeded' });
        const entries = [];
        for await (const entry of own.custody.session(id).watch({ follow: false })) entries.push(entry);
        expect(entries).toContainEqual(
          expect.objectContaining({ kind: 'changes-accepted', text: 'configuration of journal' }),
        );
      } finally {
        await own.stop();
      }
    },
  );
});

describe('calls from outside', () => {
  test(
    'E4: a repeated call id gets the first answer and no second effect; under ' + 'other arguments it is refused',
    async () => {
      const id = await running();
      const first = await harness.custody.session(id).call('journal.append', { text: 'only once' }, { callId: 'c1' });
      const again = await harness.custody.session(id).call('journal.append', { text: 'only once' }, { callId: 'c1' });
      expect(again).toEqual(first);
      await expect(
        harness.custody.session(id).call('journal.append', { text: 'other' }, { callId: 'c1' }),
      ).rejects.toMatchObject({ code: 'CALL_ID_REUSED' });
      const begun = harness.journal().filter(({ args, phase }) => args.text === 'only once' && phase === 'begin');
      expect(begun.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${id}/c1`]);
    },
  );

  test('U4: what cannot be called is refused with a code, and the session lives on', async () => {
    const id = await running();
    const call = (target: string, args = {}, options = {}) => harness.custody.session(id).call(target, args, options);
    await expect(call('nowhere.tool')).rejects.toMatchObject({ code: 'UNKNOWN_SERVER' });
    await expect(call('journal.nothing')).rejects.toMatchObject({ code: 'UNKNOWN_TOOL' });
    await expect(call('no-dot')).rejects.toMatchObject({ code: 'MALFORMED_COMMAND' });
    await expect(call('journal.append', { text: 'x'.repeat(10 * 1024 * 1024) })).rejects.toMatchObject({
      code: 'ARGUMENTS_TOO_LARGE',
    });
    await expect(call('journal.append', { text: '\ud800' })).rejects.toMatchObject({ code: 'MALFORMED_COMMAND' });
    await expect(call('journal.append', { text: 'x' }, { callId: 'plan/1' })).rejects.toMatchObject({
      code: 'MALFORMED_COMMAND',
    });
    expect(await call('journal.lookup', { key: 'k' })).toMatchObject({ outcome: 'succeeded' });
  });

  test('E2, E5: a tool error is an answer, and so is a large result', async () => {
    const id = await running();
    expect(await harness.custody.session(id).call('journal.fail')).toMatchObject({
      outcome: 'tool_error',
      result: { content: [{ text: 'failed as asked' }] },
    });
    const big = await harness.custody.session(id).call('journal.big', { bytes: 100_000 });
    expect(big).toMatchObject({
      outcome: 'succeeded',
      result: { content: [{ type: 'text', text: 'x'.repeat(100_000) }] },
    });
  });

  test('T4, D13: sixteen calls at once with the largest arguments allowed all run, four at a time', async () => {
    const id = await running();
    const text = 'y'.repeat(65_536 - 20);
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        harness.custody.session(id).call('journal.append', { text, n: index }, { callId: `large-${index}` }),
      ),
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(16).fill('succeeded'));
    const lines = harness.journal().filter(({ idempotencyKey }) => idempotencyKey?.startsWith(`${id}/`));
    expect(lines.filter(({ phase }) => phase === 'begin')).toHaveLength(16);
    let under = 0;
    const most = Math.max(...lines.map(({ phase }) => (under += phase === 'begin' ? 1 : -1)));
    expect(most).toBeLessThanOrEqual(4);
  });

  test(
    'T3: a tool that does not answer in time: a read is tried three times and fails, an append is in doubt ' +
      'until resolved',
    async () => {
      const own = await Harness.start({
        tools: {
          'journal.lookup': { effect: 'read-only', timeout: '300ms' },
          'journal.append': { effect: 'irreversible', timeout: '300ms' },
        },
      });
      try {
        const { id } = await own.custody.start(own.spec());
        const read = own.custody.session(id).call('journal.lookup', { key: 'k', delayMs: 5000 });
        const append = own.custody
          .session(id)
          .call('journal.append', { text: 'slow', delayMs: 5000 }, { callId: 'slow' });
        const view = await own.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'in_doubt'));
        expect(view.openCalls.find(({ callId }) => callId === 'slow')).toMatchObject({
          attempts: 1,
          trouble: { code: 'TOOL_TIMEOUT' },
        });
        expect(await read).toMatchObject({ outcome: 'failed', attempts: 3, error: { code: 'TOOL_TIMEOUT' } });
        await expect(
          own.custody
            .session(id)
            .call('journal.append', { text: 'slow', delayMs: 5000 }, { callId: 'slow', wait: false }),
        ).rejects.toMatchObject({ code: 'CALL_PARKED' });
        await own.custody.session(id).complete({ reason: 'with a doubt left' });
        await own.until(id, ({ state }) => state === 'AUDIT');
        await own.custody.as('ann').session(id).resolve('slow', 'succeeded', { reason: 'seen in the ledger' });
        expect(await append).toMatchObject({
          outcome: 'succeeded',
          resolved: { actor: 'ann', reason: 'seen in the ledger' },
        });
        expect(await own.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
        expect(own.journal().filter(({ tool, phase }) => tool === 'append' && phase === 'begin')).toHaveLength(1);
      } finally {
        await own.stop();
      }
    },
  );
});

describe('what Temporal shows', () => {
  test('U2: six search attributes, activity and timer summaries, and current details in words', async () => {
    const id = await running();
    await harness.custody.session(id).call('journal.append', { text: 'seen in the UI' });
    await harness.custody.session(id).pause({ reason: 'look at *me*' });
    const description = await eventually(async () => {
      const found = await harness.custody.temporal.workflow.getHandle(id).describe();
      return found.typedSearchAttributes.get(SEARCH_ATTRIBUTES.state) === 'PAUSED' ? found : undefined;
    }, 'the search attributes are written');
    expect(Object.keys(SEARCH_ATTRIBUTES)).toHaveLength(6);
    expect(description.typedSearchAttributes.get(SEARCH_ATTRIBUTES.agent)).toBe('tester');
    expect(description.typedSearchAttributes.get(SEARCH_ATTRIBUTES.cause)).toBe('operator');
    const metadata = await harness.custody.temporal.workflow
      .getHandle(id)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(metadata.currentDetails).toContain('**PAUSED** (operator): look at  me ');
    expect(metadata.currentDetails).toContain('journal.append');
    const history = await harness.custody.temporal.workflow.getHandle(id).fetchHistory();
    const summaries = (history.events ?? []).map((event) =>
      Buffer.from(event.userMetadata?.summary?.data ?? '').toString(),
    );
    expect(summaries).toContain('"journal.append seen in the UI"');
    expect(summaries).toContain('"warning before the deadline"');
  });

  test('A2: records are numbered in the workflow without gaps', async () => {
    const id = await running();
    await harness.custody.session(id).call('journal.append', { text: 'numbered' });
    await harness.custody.session(id).pause();
    await expect(harness.custody.session(id).pause()).rejects.toMatchObject({ code: 'ALREADY_PAUSED' });
    await harness.custody.temporal.workflow.getHandle(id).signal('dance', { now: true });
    await harness.custody.temporal.workflow.getHandle(id).signal('extend', { by: '1h', actor: 'ann' });
    await harness.custody.session(id).cancel();
    await harness.custody.session(id).wait();
    const entries = await timeline(id);
    expect(entries).toContainEqual(expect.objectContaining({ kind: 'extended', by: 'ann' }));
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'refused', text: expect.stringContaining("no signal 'dance'") }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'refused', text: expect.stringContaining('ALREADY_PAUSED'), by: 'tester' }),
    );
    const numbers = entries.flatMap(({ record }) => (record === null ? [] : [record])).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

async function timeline(id: string) {
  const entries = [];
  for await (const entry of harness.custody.session(id).watch({ follow: false })) entries.push(entry);
  return entries;
}
