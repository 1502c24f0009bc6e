import { randomUUID } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../client/index.ts';
import { WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { failedTasksOf } from '../support/failedTasks.ts';
import { Harness } from '../support/harness.ts';
import { until } from '../support/until.ts';

type Payload = temporal.api.common.v1.IPayload;

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const payload = (data: string | Uint8Array | null, encoding?: string): Payload => ({
  ...(encoding === undefined ? {} : { metadata: { encoding: bytes(encoding) } }),
  ...(data === null ? {} : { data: typeof data === 'string' ? bytes(data) : data }),
});
const json = (value: unknown): Payload => payload(JSON.stringify(value), 'json/plain');

/** Sends a signal as it is, as the Temporal CLI does. */
const signal = (id: string, signalName: string, ...payloads: Payload[]): Promise<unknown> =>
  harness.custody.temporal.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: id },
    signalName,
    requestId: randomUUID(),
    input: { payloads },
  });

/** Sends an update as it is; answers its outcome. */
async function update(id: string, name: string, ...payloads: Payload[]): Promise<{ ok?: unknown; refused?: string }> {
  const { outcome } = await harness.custody.temporal.workflowService.updateWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: id },
    request: { meta: { updateId: randomUUID(), identity: 'cli' }, input: { name, args: { payloads } } },
    waitPolicy: {
      lifecycleStage:
        temporal.api.enums.v1.UpdateWorkflowExecutionLifecycleStage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED,
    },
  });
  const data = outcome?.success?.payloads?.[0]?.data;
  return data ? { ok: JSON.parse(new TextDecoder().decode(data)) } : { refused: outcome?.failure?.message ?? '' };
}

async function session(): Promise<string> {
  const id = await harness.custody.start(harness.spec());
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
}

async function timeline(id: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of harness.custody.watch(id, { follow: false })) entries.push(entry);
  return entries;
}

/** By number: a record may stand in a memo and in an answer. */
const refusals = async (id: string): Promise<string[]> => [
  ...new Map(
    (await timeline(id)).filter(({ kind }) => kind === 'refused').map(({ record, text }) => [record, text]),
  ).values(),
];

const failedTasks = (id: string): Promise<string[]> => failedTasksOf(harness.custody.temporal, id);

async function livesOn(id: string): Promise<void> {
  expect(await harness.custody.describe(id)).toMatchObject({ state: 'RUNNING' });
  expect(await harness.custody.call(id, 'journal.lookup', { key: 'k' })).toMatchObject({ outcome: 'succeeded' });
  expect(await failedTasks(id)).toEqual([]);
}

/** After signals that paused it or not. */
async function goOn(id: string): Promise<void> {
  await harness.until(id, ({ state }) => state === 'RUNNING' || state === 'PAUSED');
  await harness.custody.resume(id).catch(() => undefined);
  await harness.until(id, ({ state }) => state === 'RUNNING');
  await livesOn(id);
}

/** What may come as the input of a command, and cannot be one. */
const NONSENSE: readonly [what: string, payloads: readonly Payload[]][] = [
  ['JSON that is cut off', [payload('{"actor":', 'json/plain')]],
  ['JSON that is no object', [json(['pause'])]],
  ['a number', [json(7)]],
  ['text without quotes', [payload('please', 'json/plain')]],
  ['bytes that are no UTF-8', [payload(Uint8Array.of(0xff, 0xfe, 0xc0), 'json/plain')]],
  ['an encoding that nobody knows', [payload('{}', 'application/x-nonsense')]],
  ['an encoding that is no text', [{ metadata: { encoding: Uint8Array.of(0xff) }, data: bytes('{}') }]],
  ['ciphertext of a codec that the worker does not have', [payload(Uint8Array.of(1, 2, 3), 'binary/encrypted')]],
  ['protobuf', [payload(Uint8Array.of(10, 1), 'binary/protobuf')]],
  ['raw bytes', [payload('{"reason":"x"}', 'binary/plain')]],
  ['no metadata', [payload('{"reason":"x"}')]],
  ['nothing in the payload', [{}]],
  ['JSON of no bytes', [payload('', 'json/plain')]],
  ['fields of the wrong kind', [json({ actor: { toString: 1 }, reason: ['x'] })]],
  ['a reason of 1 MB', [json({ reason: 'x'.repeat(1024 * 1024) })]],
  ['10,000 levels', [payload(`${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'json/plain')]],
];

describe('U4, L3: a signal that makes no sense is refused on record, and the session goes on', () => {
  test('whatever its payload is', async () => {
    const id = await session();
    for (const [, payloads] of NONSENSE) await signal(id, 'pause', ...payloads);
    await until('all refused', async () => (await refusals(id)).length >= NONSENSE.length);
    const found = await refusals(id);
    expect(found.filter((text) => text.startsWith('pause: MALFORMED_COMMAND: pause: '))).toHaveLength(NONSENSE.length);
    await livesOn(id);
  });

  test('an empty list of payloads, and a null, are a command without who and why', async () => {
    const id = await session();
    for (const payloads of [[], [payload(null, 'binary/null')], [json(null)]]) {
      await signal(id, 'pause', ...payloads);
      expect(await harness.until(id, ({ state }) => state === 'PAUSED')).toMatchObject({
        cause: 'operator',
        reason: '(no reason given)',
      });
      await harness.custody.resume(id);
      await harness.until(id, ({ state }) => state === 'RUNNING');
    }
    await livesOn(id);
  });

  test('whatever its name is', async () => {
    const id = await session();
    const names = [
      'dance',
      '__proto__',
      'constructor',
      '__stack_trace',
      'call',
      'PAUSE',
      ' pause',
      '\u0000',
      '\u202eesuap',
      'x'.repeat(900),
    ];
    for (const name of names) await signal(id, name, json({ reason: 'x' }));
    await until('all refused', async () => (await refusals(id)).length >= names.length);
    expect((await refusals(id)).every((text) => text.includes('UNKNOWN_COMMAND: there is no signal'))).toBe(true);
    await livesOn(id);
  });

  test('even a name that Temporal keeps for itself', async () => {
    const id = await session();
    await signal(id, '__temporal_dance', json({ reason: 'x' }));
    await until('refused', async () => (await refusals(id)).some((text) => text.includes('__temporal_dance')));
    await livesOn(id);
  });

  test('200 at once', async () => {
    const id = await session();
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        signal(
          id,
          ['pause', 'resume', 'dance', 'extend'][n % 4] as string,
          json({ actor: 'ann', reason: `signal ${n}` }),
        ),
      ),
    );
    await until(
      'all on record',
      async () => (await refusals(id)).filter((text) => /dance|extend/.test(text)).length === 100,
    );
    await goOn(id);
  });

  test('megabytes of them: the session goes on in another run', async () => {
    const id = await session();
    for (let n = 0; n < 6; n += 1) await signal(id, 'pause', json({ reason: 'x'.repeat(1024 * 1024) }));
    expect(await harness.until(id, ({ runs }) => runs > 1)).toMatchObject({ state: 'RUNNING' });
    await until('all on record', async () => (await refusals(id)).length === 6);
    await livesOn(id);
  });

  test('400 that waited for a worker, each as long as a command may be, all in one workflow task', async () => {
    const id = await session();
    await harness.stopWorker();
    const input = json({ actor: '語'.repeat(200), reason: '語'.repeat(2000) });
    await Promise.all(Array.from({ length: 400 }, (_, n) => signal(id, n % 2 ? 'resume' : 'pause', input)));
    await signal(id, 'resume', json({}));
    await harness.startWorker();
    await goOn(id);
  });
});

describe('U4, L3: an update that makes no sense is refused, and the session goes on', () => {
  test.each(['pause', 'call'])('%s with whatever payload', async (name) => {
    const id = await session();
    for (const [what, payloads] of NONSENSE)
      expect(await update(id, name, ...payloads), what).toMatchObject({
        refused: expect.stringContaining(`${name}: `) as string,
      });
    await livesOn(id);
  });

  test('of a name that Temporal keeps for itself', async () => {
    const id = await session();
    expect(await update(id, '__temporal_dance', json({}))).toMatchObject({
      ok: { ok: false, refusal: { code: 'UNKNOWN_COMMAND' } },
    });
    await livesOn(id);
  });

  test('of a name that nobody knows: refused on record', async () => {
    const id = await session();
    for (const name of ['dance', '__proto__', 'describe', 'x'.repeat(900)])
      expect(await update(id, name, json({}))).toMatchObject({
        ok: { ok: false, refusal: { code: 'UNKNOWN_COMMAND' } },
      });
    expect(await refusals(id)).toHaveLength(4);
    await livesOn(id);
  });
});

test('U4: queries that make no sense are refused, and the session goes on', async () => {
  const id = await session();
  const query = (queryType: string, ...payloads: Payload[]): Promise<unknown> =>
    harness.custody.temporal.workflowService.queryWorkflow({
      namespace: 'default',
      execution: { workflowId: id },
      query: { queryType, queryArgs: { payloads } },
    });
  for (const [, payloads] of NONSENSE)
    await Promise.all([query('describe', ...payloads), query('call', ...payloads), query('rollback', ...payloads)]);
  await expect(query('nonsense')).rejects.toThrow();
  await livesOn(id);
});

describe('U4: random signals never fail a workflow task', () => {
  const field = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(
      '2h',
      '0s',
      '999999999d',
      '-1h',
      'retry',
      'succeeded',
      'failed',
      'x'.repeat(2001),
      '\ud800',
      1e308,
      true,
      null,
      [],
    ),
  );
  const fields = fc.dictionary(
    fc.constantFrom(
      'actor',
      'reason',
      'commandId',
      'acceptChanges',
      'to',
      'by',
      'callId',
      'as',
      '__proto__',
      'constructor',
      'toJSON',
    ),
    field,
  );
  const encoding = fc.constantFrom(
    'json/plain',
    'json/plain',
    'json/protobuf',
    'binary/plain',
    'binary/null',
    'binary/protobuf',
    '',
    'nonsense',
    undefined,
  );
  const one = fc.oneof(
    { weight: 3, arbitrary: fields.map(json) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.uint8Array({ maxLength: 200 }), encoding).map(([data, as]) => payload(data, as)),
    },
    { weight: 1, arbitrary: fc.tuple(fc.string(), encoding).map(([data, as]) => payload(data, as)) },
  );
  const signals = fc.array(
    fc.tuple(
      fc.constantFrom(
        'pause',
        'resume',
        'extend',
        'resolve',
        'call',
        'nonsense',
        'pause',
        'resume',
        'cancel',
        'complete',
        'rollback',
      ),
      fc.array(one, { maxLength: 3 }),
    ),
    { minLength: 15, maxLength: 15 },
  );

  test.concurrent.each(fc.sample(signals, { numRuns: 5, seed: 20261122 }).map((each, n) => [n + 1, each] as const))(
    'session %i',
    async (_, each) => {
      const id = await session();
      for (const [name, payloads] of each)
        await signal(id, name, ...payloads).catch((error: Error) => expect(String(error)).toMatch(/already completed/));
      const view = await harness.until(id, ({ state }) => !['INIT', 'RESUMING'].includes(state));
      if (view.state === 'PAUSED') await harness.custody.resume(id).catch(() => undefined);
      if (view.outcome === null) await harness.custody.cancel(id, { reason: 'done' }).catch(() => undefined);
      expect((await harness.custody.wait(id)).outcome).not.toBeNull();
      expect(await failedTasks(id)).toEqual([]);
    },
  );
});

describe('U4: a workflow that was started by hand', () => {
  const agent = { id: 'tester', version: '1' };
  const good = { agent, profile: 'standard', servers: ['journal'] };
  const carried = { session: { id: 'x', state: { name: 'RUNNING' } }, record: 0, runs: 1 };
  const INPUTS: readonly [what: string, payloads: readonly Payload[]][] = [
    ...NONSENSE,
    ['no input', []],
    ['null', [json(null)]],
    ['an empty object', [json({})]],
    ['a spec that is null', [json({ spec: null })]],
    ['a spec that is empty', [json({ spec: {} })]],
    ['a spec with 1,000 levels', [payload(`{"spec":${'{"agent":'.repeat(1000)}1${'}'.repeat(1000)}}`, 'json/plain')]],
    ['lone surrogates', [json({ spec: { ...good, profile: '\ud800' } })]],
    ['servers that are no names', [json({ spec: { ...good, servers: [null] } })]],
    ['a server without end', [json({ spec: { ...good, servers: ['x'.repeat(100_000)] } })]],
    ['a server that is named twice', [json({ spec: { ...good, servers: ['journal', 'journal'] } })]],
    ['10,000 servers', [json({ spec: { ...good, servers: Array.from({ length: 10_000 }, (_, n) => `s${n}`) } })]],
    ['an agent without end', [json({ spec: { ...good, agent: { id: 'x'.repeat(100_000), version: '1' } } })]],
    ['a profile without end', [json({ spec: { ...good, profile: 'x'.repeat(100_000) } })]],
    ['a plan of null', [json({ spec: { ...good, plan: [null] } })]],
    ['a plan of numbers', [json({ spec: { ...good, plan: [5] } })]],
    ['a plan of lists', [json({ spec: { ...good, plan: [[]] } })]],
    ['a parallel group that is none', [json({ spec: { ...good, plan: [{ parallel: 7 }] } })]],
    ['a parallel group of null', [json({ spec: { ...good, plan: [{ parallel: [null] }] } })]],
    ['a call that is no text', [json({ spec: { ...good, plan: [{ call: 7 }] } })]],
    ['a call without a dot', [json({ spec: { ...good, plan: [{ call: 'nodot' }] } })]],
    ['arguments that are none', [json({ spec: { ...good, plan: [{ call: 'journal.lookup', args: 'x' }] } })]],
    ['a wait that is no number', [json({ spec: { ...good, plan: [{ wait: 'long' }] } })]],
    ['a wait without end', [json({ spec: { ...good, plan: [{ wait: 1e300 }] } })]],
    ['a step that is nothing', [json({ spec: { ...good, plan: [{}] } })]],
    ['labels that are none', [json({ spec: { ...good, labels: 7 } })]],
    ['overrides that are none', [json({ spec: { ...good, overrides: 'tighter' } })]],
    ['tuning that is none', [json({ spec: good, tuning: 7 })]],
    ['tuning that would continue as new for ever', [json({ spec: good, tuning: { eventsPerRun: 0 } })]],
    ['tuning that is no number', [json({ spec: good, tuning: { eventsPerRun: 'few', recallWait: {} } })]],
    ['the state of a run before it, empty', [json({ carried: {} })]],
    ['the state of a run before it, null', [json({ carried: { session: null } })]],
    ['the state of a run before it, forged', [json({ carried })]],
  ];

  test.concurrent.each(INPUTS)('with %s fails with SPEC_INVALID', async (_, payloads) => {
    const id = `by-hand-${randomUUID()}`;
    await harness.custody.temporal.workflowService.startWorkflowExecution({
      namespace: 'default',
      workflowId: id,
      workflowType: { name: WORKFLOW_TYPE },
      taskQueue: { name: harness.custody.taskQueue },
      input: { payloads: [...payloads] },
      requestId: randomUUID(),
      identity: 'cli',
    });
    const handle = harness.custody.temporal.workflow.getHandle(id);
    try {
      const failure = await handle.result().then(
        () => 'completed',
        (error: unknown) => (error as { cause?: unknown }).cause,
      );
      expect(failure).toMatchObject({ type: 'SPEC_INVALID' });
      expect(await failedTasks(id)).toEqual([]);
    } finally {
      await handle.terminate('the test is over').catch(() => undefined);
    }
  });
});
