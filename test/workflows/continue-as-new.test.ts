import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, Harness } from '../support/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

/** Few events a run, so that a session continues as new all the time. */
const tuning = { eventsPerRun: 40 };

const running = async (spec = {}): Promise<string> => {
  const { id } = await harness.custody.start(harness.spec(spec), { tuning });
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
};

const begun = (id: string) =>
  harness
    .journal()
    .filter(({ idempotencyKey, phase }) => phase === 'begin' && idempotencyKey?.startsWith(`${id}/`))
    .map(({ idempotencyKey }) => idempotencyKey);
const append = (id: string, callId: string, args = {}) =>
  harness.custody.session(id).call('journal.append', { text: callId, ...args }, { callId });

test(
  'L1, L8: a session that is idle between calls goes on in new runs, and still ' + 'answers ids of earlier runs',
  async () => {
    const id = await running();
    for (let index = 0; index < 15; index += 1)
      expect(await append(id, `c${index}`)).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    const view = await harness.custody.session(id).describe();
    expect(view.runs).toBeGreaterThanOrEqual(3);
    expect(await append(id, 'c0')).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    expect(view.calls.map(({ callId }) => callId)).toEqual(Array.from({ length: 15 }, (_, index) => `c${index}`));
    expect(begun(id)).toHaveLength(15);
  },
);

test('L4, L8: a paused session goes on in new runs, still paused, with its queue', async () => {
  const id = await running();
  await harness.custody.session(id).pause({ reason: 'for long' });
  const waiting = append(id, 'queued');
  const before = (await harness.until(id, ({ openCalls }) => openCalls.length === 1)).runs;
  for (let index = 0; index < 30; index += 1)
    await harness.custody.temporal.workflow.getHandle(id).signal('noise', index);
  const after = await harness.until(id, ({ runs }) => runs > before, 'the next run has begun');
  expect(after).toMatchObject({
    state: 'PAUSED',
    cause: 'operator',
    reason: 'for long',
    openCalls: [{ callId: 'queued', phase: 'queued' }],
  });
  await harness.custody.session(id).resume();
  expect(await waiting).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  expect(begun(id)).toEqual([`${id}/queued`]);
});

test('L8, E4: calls under way end before the next run begins; those that arrive meanwhile run there', async () => {
  const id = await running();
  const before = (await harness.custody.session(id).describe()).runs;
  const long = append(id, 'long', { delayMs: 3000 });
  await eventually(() => begun(id).length === 1 || undefined, 'the long call is under way');
  const others = Promise.all(Array.from({ length: 12 }, (_, index) => append(id, `o${index}`)));
  expect(await long).toMatchObject({ outcome: 'succeeded', attempts: 1 });
  expect((await others).map(({ outcome }) => outcome)).toEqual(Array(12).fill('succeeded'));
  expect((await harness.custody.session(id).describe()).runs).toBeGreaterThan(before);
  expect(new Set(begun(id)).size).toBe(13);
  expect(begun(id)).toHaveLength(13);
});

test(
  'L8, E4: under sixteen callers and a stream of signals at once nothing is ' + 'lost and nothing runs twice',
  async () => {
    const { id } = await harness.custody.start(harness.spec(), { tuning: { eventsPerRun: 150 } });
    const handle = harness.custody.temporal.workflow.getHandle(id);
    let done = false;
    const signals = (async () => {
      for (let index = 0; !done; index += 1) {
        await handle.signal(index % 8 === 3 ? 'pause' : index % 8 === 5 ? 'resume' : 'noise', {
          actor: 'stream',
          reason: `signal ${index}`,
        });
        await new Promise((resolve) => setTimeout(resolve, 60));
        // No faster than the session takes them.
        if (index % 8 === 7) await harness.custody.session(id).describe();
      }
      await handle.signal('resume');
    })();
    const callers = Array.from({ length: 16 }, async (_, caller) => {
      for (let index = 0; index < 10; index += 1)
        expect(await append(id, `${caller}-${index}`)).toMatchObject({ outcome: 'succeeded', attempts: 1 });
    });
    await Promise.all(callers).finally(() => {
      done = true;
    });
    await signals;
    const calls = begun(id);
    expect(calls).toHaveLength(160);
    expect(new Set(calls).size).toBe(160);
    const view = await harness.custody.session(id).describe();
    expect(view.calls).toHaveLength(160);
    expect(view.runs).toBeGreaterThanOrEqual(5);
  },
);

/** 1,600 with CUSTODY_CALLS=1600; 10,000 in the benchmark. */
const CALLS = Math.ceil(Number(process.env.CUSTODY_CALLS ?? 480) / 16);

test(
  'L8, E4: sixteen callers make hundreds of calls in one session of many runs; none is lost, none is ' +
    'doubled, and each can be asked for again',
  async () => {
    const { id } = await harness.custody.start(harness.spec(), { tuning: { eventsPerRun: 300 } });
    const idsOf = (caller: number) => Array.from({ length: CALLS }, (_, index) => `${caller}/${index}`);
    const answers = await Promise.all(
      Array.from({ length: 16 }, async (_, caller) => {
        const found = [];
        for (const callId of idsOf(caller))
          found.push(await harness.custody.session(id).call('journal.lookup', { key: callId }, { callId }));
        return found;
      }),
    );
    expect(answers.flat().filter(({ outcome, attempts }) => outcome !== 'succeeded' || attempts !== 1)).toEqual([]);
    const calls = begun(id);
    expect([...calls].sort()).toEqual(
      Array.from({ length: 16 }, (_, caller) => idsOf(caller))
        .flat()
        .map((callId) => `${id}/${callId}`)
        .sort(),
    );
    const { runs } = await harness.custody.session(id).describe();
    expect(runs).toBeGreaterThanOrEqual(5);
    for (const callId of ['0/0', `15/${CALLS - 1}`])
      expect(await harness.custody.session(id).call('journal.lookup', { key: callId }, { callId })).toMatchObject({
        outcome: 'succeeded',
      });
    expect(begun(id)).toHaveLength(16 * CALLS);
    console.log(`${16 * CALLS} calls by 16 callers in ${runs} runs`);
  },
  180_000,
);

test(
  'E6, L8: a plan goes on over runs where it was, with its references, its ' + 'parallel groups and its waits',
  async () => {
    const id = await running({
      plan: [
        { call: 'journal.upsert', as: 'first', args: { key: 'k', value: 'v' } },
        ...Array.from({ length: 20 }, (_, index) => ({
          parallel: [
            { call: 'journal.append', args: { text: `${index}a` } },
            { wait: 10 },
            { call: 'journal.append', args: { text: `${index}b` } },
          ],
        })),
        { call: 'journal.append', args: { text: 'last ${first.content.0.text}' } },
      ],
    });
    const view = await harness.custody.session(id).wait();
    expect(view).toMatchObject({ state: 'COMPLETED', plan: { done: 22, of: 22 } });
    expect(view.runs).toBeGreaterThan(2);
    expect(begun(id)).toHaveLength(42);
    expect(harness.journal().some(({ args }) => args.text === 'last set k')).toBe(true);
  },
);

test('A2: record numbers go on over runs without gaps', async () => {
  const id = await running();
  for (let index = 0; index < 12; index += 1) await append(id, `n${index}`);
  await harness.custody.session(id).complete();
  const view = await harness.custody.session(id).wait();
  expect(view.runs).toBeGreaterThan(1);
  const records = [];
  for await (const { record } of harness.custody.session(id).watch({ follow: false }))
    if (record !== null) records.push(record);
  expect(records.sort((a, b) => a - b)).toEqual(records.map((_, index) => index + 1));
});
