import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionView } from '../../protocol/view.ts';
import { eventually, Harness } from '../support/harness.ts';

/** Few events a run. */
const tuning = { eventsPerRun: 40 };

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start({
    profile: { session: { timeout: '1h', gracePeriod: '1h', concurrency: 2 } },
    tools: { 'journal.append': { effect: 'irreversible', timeout: '1s' }, 'journal.lookup': { effect: 'read-only' } },
  });
});
afterAll(() => harness?.stop());

const start = (spec = {}, on = harness): Promise<string> =>
  on.custody.start(on.spec(spec), { tuning }).then(({ id }) => id);
const started = async (spec = {}, on = harness): Promise<string> => {
  const id = await start(spec, on);
  await on.until(id, ({ state }) => state === 'RUNNING');
  return id;
};
const append = (id: string, callId: string, delayMs = 0) =>
  harness.custody.session(id).call('journal.append', { text: callId, ...(delayMs > 0 ? { delayMs } : {}) }, { callId });
const begun = (id: string) =>
  harness
    .journal()
    .filter(({ idempotencyKey, phase }) => phase === 'begin' && idempotencyKey?.startsWith(`${id}/`))
    .map(({ idempotencyKey }) => idempotencyKey.slice(id.length + 1));

/** Fills the history of the run, so that the next one begins, and returns the session there. */
async function inNextRun(id: string, on = harness): Promise<SessionView> {
  const { runs } = await on.custody.session(id).describe();
  const handle = on.custody.temporal.workflow.getHandle(id);
  for (let index = 0; index < 100; index += 1) await handle.signal('noise', index);
  return on.until(id, (view) => view.runs > runs, 'the next run has begun');
}

/** A call of an irreversible tool that did not answer in its time. */
async function inDoubt(id: string, callId: string): Promise<{ readonly answer: Promise<unknown> }> {
  const answer = append(id, callId, 2000);
  answer.catch(() => undefined);
  await harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'in_doubt'));
  return { answer };
}

describe('L8: a session continues as new', () => {
  test('with a call in doubt, whose caller waits; it is settled in the next run', async () => {
    const id = await started();
    const { answer } = await inDoubt(id, 'doubtful');
    const view = await inNextRun(id);
    expect(view).toMatchObject({
      state: 'RUNNING',
      openCalls: [{ callId: 'doubtful', phase: 'in_doubt', trouble: { code: 'TOOL_TIMEOUT' } }],
    });
    expect(await append(id, 'meanwhile')).toMatchObject({ outcome: 'succeeded' });
    await harness.custody.session(id).resolve('doubtful', 'succeeded', { reason: 'it is there' });
    expect(await answer).toMatchObject({ outcome: 'succeeded', resolved: { reason: 'it is there' } });
    expect(begun(id)).toEqual(['doubtful', 'meanwhile']);
  });

  test('in AUDIT, while a call in doubt keeps it from ending', async () => {
    const id = await started();
    const { answer } = await inDoubt(id, 'doubtful');
    await harness.custody.session(id).complete();
    await harness.until(id, ({ state }) => state === 'AUDIT');
    expect(await inNextRun(id)).toMatchObject({
      state: 'AUDIT',
      openCalls: [{ callId: 'doubtful', phase: 'in_doubt' }],
    });
    await harness.custody.session(id).resolve('doubtful', 'failed');
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
    expect(await answer.catch((error: unknown) => error)).toMatchObject({ outcome: 'failed' });
  });

  test('while its plan waits; the wait ends when it was to end', async () => {
    const id = await start({ plan: [{ wait: 8000 }, { call: 'journal.append', args: { text: 'after' } }] });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    expect(await inNextRun(id)).toMatchObject({ state: 'RUNNING', plan: { done: 0, of: 2 } });
    const end = await harness.custody.session(id).wait();
    expect(end).toMatchObject({ state: 'COMPLETED', calls: [{ callId: 'plan/2' }] });
    const call = harness.journal().find(({ args }) => args.text === 'after');
    expect(call).toBeDefined();
  });

  test('in RESUMING, when there is no worker to open its servers; the next run opens them', async () => {
    const id = await started();
    await harness.custody.session(id).pause();
    const waiting = append(id, 'queued');
    await harness.until(id, ({ openCalls }) => openCalls.length === 1);
    const { runs } = await harness.custody.session(id).describe();
    await harness.stopWorker();
    const handle = harness.custody.temporal.workflow.getHandle(id);
    await handle.signal('resume', { actor: 'ann', reason: 'on we go' });
    for (let index = 0; index < 100; index += 1) await handle.signal('noise', index);
    await harness.startWorker();
    expect(await waiting).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    expect((await harness.custody.session(id).describe()).runs).toBeGreaterThan(runs);
    expect(begun(id)).toEqual(['queued']);
  });

  test('in its grace period, with a call that waits for an extension', async () => {
    const own = await Harness.start({
      profile: { session: { timeout: '2s', gracePeriod: '1h', maxExtension: '2h', autoResume: true } },
    });
    try {
      const id = await start({}, own);
      await own.until(id, ({ state, graceUntil }) => state === 'PAUSED' && graceUntil !== null);
      const waiting = own.custody.session(id).call('journal.append', { text: 'late' }, { callId: 'late' });
      await own.until(id, ({ openCalls }) => openCalls.length === 1);
      const { deadlineAt, graceUntil } = await own.custody.session(id).describe();
      expect(await inNextRun(id, own)).toMatchObject({
        state: 'PAUSED',
        cause: 'timeout',
        deadlineAt,
        graceUntil,
        openCalls: [{ callId: 'late', phase: 'queued' }],
      });
      await own.custody.session(id).extend(3_600_000);
      expect(await waiting).toMatchObject({ outcome: 'succeeded' });
    } finally {
      await own.stop();
    }
  });

  test('while a rollback undoes more calls than a run has room for: each is undone once, the last first', async () => {
    const own = await Harness.start({
      tools: {
        'journal.upsert': {
          effect: 'compensable',
          undo: { call: { tool: 'append', args: { text: 'undo ${args.key}' } } },
        },
      },
    });
    try {
      const id = await started({}, own);
      for (let index = 0; index < 16; index += 1)
        await own.custody.session(id).call('journal.upsert', { key: `k${index}`, value: 'v' });
      const { runs } = await own.custody.session(id).describe();
      await own.custody.session(id).rollback({ reason: 'all of it' });
      const end = await own.custody
        .session(id)
        .wait()
        .catch(() => own.custody.session(id).describe());
      expect(end).toMatchObject({ state: 'FAILED', code: 'ROLLED_BACK' });
      expect(end.runs).toBeGreaterThan(runs);
      const undone = own
        .journal()
        .filter(({ phase, tool }) => phase === 'begin' && tool === 'append')
        .map(({ args }) => args.text);
      expect(undone).toEqual(Array.from({ length: 16 }, (_, index) => `undo k${15 - index}`));
    } finally {
      await own.stop();
    }
  });

  test(
    'while a long call is under way: callers that wait ask without filling the ' + 'history of the run that ends',
    async () => {
      const own = await Harness.start();
      try {
        const id = await started({}, own);
        const handle = own.custody.temporal.workflow.getHandle(id);
        const { runId } = await handle.describe();
        const long = own.custody
          .session(id)
          .call('journal.append', { text: 'long', delayMs: 6000 }, { callId: 'long' });
        await eventually(() => own.journal().length === 1 || undefined, 'the long call is under way');
        for (let index = 0; index < 100; index += 1) await handle.signal('noise', index);
        const others = Array.from({ length: 8 }, (_, index) =>
          own.custody.session(id).call('journal.append', { text: `o${index}` }, { callId: `o${index}` }),
        );
        for (const answer of [await long, ...(await Promise.all(others))])
          expect(answer).toMatchObject({ outcome: 'succeeded', attempts: 1 });
        const { events } = await own.custody.temporal.workflow.getHandle(id, runId).fetchHistory();
        const updates = (events ?? []).filter(
          ({ workflowExecutionUpdateAcceptedEventAttributes }) => workflowExecutionUpdateAcceptedEventAttributes,
        ).length;
        expect(updates).toBeLessThanOrEqual(9);
        expect(own.journal().filter(({ phase }) => phase === 'begin')).toHaveLength(9);
      } finally {
        await own.stop();
      }
    },
  );
});
