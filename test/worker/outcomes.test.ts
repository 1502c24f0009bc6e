import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AttemptId, AttemptOutcome, Intent } from '../../protocol/calls/call.ts';
import { OutcomeStore, type Place } from '../../worker/outcomes/store.ts';

const PLACE: Place = { namespace: 'default', taskQueue: 'custody' };
const ANN: AttemptId = { chain: 'run-1', sessionId: 's', callId: 'pay', attempt: 1, digest: 'ann 10' };

let file: string;
beforeEach(async () => {
  file = join(await mkdtemp(join(tmpdir(), 'custody-outcomes-')), 'outcomes.jsonl');
});
afterEach(() => rm(join(file, '..'), { recursive: true, force: true }));

const intent = (id: AttemptId): Intent => ({
  ...id,
  record: 1,
  server: 'bank',
  tool: 'pay',
  args: {},
  actor: 'ann',
  idempotencyKey: 's/pay',
  effect: 'irreversible',
  timeout: 1000,
  toolHash: '',
  configHash: '',
});
const said = (text: string): AttemptOutcome => ({ kind: 'succeeded', result: { content: [{ type: 'text', text }] } });

/** A store in which the payment to Ann has succeeded. */
async function withAnn(): Promise<OutcomeStore> {
  const store = await OutcomeStore.open(file, PLACE);
  await store.keep(intent(ANN), async () => said('paid ann 10'));
  return store;
}

test('L6: the process after a killed one answers for its attempts', async () => {
  await withAnn(); // It is not closed: what was kept is on disk.
  const next = await OutcomeStore.open(file, PLACE);
  expect(await next.recall(ANN)).toEqual(said('paid ann 10'));
  await next.close();
});

test.for([
  ['another chain of the same session id', PLACE, { ...ANN, chain: 'run-2' }],
  ['another call under the same id', PLACE, { ...ANN, digest: 'bob 9999' }],
  ['another attempt', PLACE, { ...ANN, attempt: 2 }],
  ['another call', PLACE, { ...ANN, callId: 'pay-2' }],
  ['another session', PLACE, { ...ANN, sessionId: 't' }],
  ['another namespace', { ...PLACE, namespace: 'other' }, ANN],
  ['another task queue', { ...PLACE, taskQueue: 'other' }, ANN],
] as const)('L6: an outcome does not answer for %s', async ([, place, asked]) => {
  await (await withAnn()).close();
  const store = await OutcomeStore.open(file, place);
  expect(await store.recall(asked)).toBeNull();
  await store.close();
});

test('L6: an attempt that is under way comes before an outcome that is kept', async () => {
  const store = await withAnn();
  let end: (outcome: AttemptOutcome) => void = () => undefined;
  const again = store.keep(intent(ANN), () => new Promise((resolve) => (end = resolve)));
  const recalled = store.recall(ANN);
  end(said('paid ann 10, again'));
  expect(await recalled).toEqual(said('paid ann 10, again'));
  expect(await again).toEqual(said('paid ann 10, again'));
  await store.close();
});

test('lines that are no outcomes, as one cut off by a crash, are left out', async () => {
  await writeFile(file, `null\n{"key":1}\n{"key":"k","at":${Date.now()},"outcome":{"kind":"succ`);
  const store = await OutcomeStore.open(file, PLACE);
  expect(await store.recall(ANN)).toBeNull();
  await store.close();
});
