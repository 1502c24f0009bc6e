import { randomUUID } from 'node:crypto';
import { temporal } from '@temporalio/proto';
import { afterAll, beforeAll, expect } from 'vitest';
import type { Entry } from '../../../client/index.ts';
import { failedTasksOf } from '../../support/failedTasks.ts';
import { Harness } from '../../support/harness.ts';

export type Payload = temporal.api.common.v1.IPayload;

export let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness?.stop());

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const payload = (data: string | Uint8Array | null, encoding?: string): Payload => ({
  ...(encoding === undefined ? {} : { metadata: { encoding: bytes(encoding) } }),
  ...(data === null ? {} : { data: typeof data === 'string' ? bytes(data) : data }),
});
export const json = (value: unknown): Payload => payload(JSON.stringify(value), 'json/plain');

/** Sends a signal as it is, as the Temporal CLI does. */
export const signal = (id: string, signalName: string, ...payloads: Payload[]): Promise<unknown> =>
  harness.custody.temporal.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: id },
    signalName,
    requestId: randomUUID(),
    input: { payloads },
  });

/** Sends an update as it is; answers its outcome. */
export async function update(
  id: string,
  name: string,
  ...payloads: Payload[]
): Promise<{ ok?: unknown; refused?: string }> {
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

export async function session(): Promise<string> {
  const { id } = await harness.custody.start(harness.spec());
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
}

async function timeline(id: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of harness.custody.session(id).watch({ follow: false })) entries.push(entry);
  return entries;
}

/** By number: a record may stand in a memo and in an answer. */
export const refusals = async (id: string): Promise<string[]> => [
  ...new Map(
    (await timeline(id)).filter(({ kind }) => kind === 'refused').map(({ record, text }) => [record, text]),
  ).values(),
];

export const failedTasks = (id: string): Promise<string[]> => failedTasksOf(harness.custody.temporal, id);

export async function livesOn(id: string): Promise<void> {
  expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
  expect(await harness.custody.session(id).call('journal.lookup', { key: 'k' })).toMatchObject({
    outcome: 'succeeded',
  });
  expect(await failedTasks(id)).toEqual([]);
}

/** After signals that paused it or not. */
export async function goOn(id: string): Promise<void> {
  await harness.until(id, ({ state }) => state === 'RUNNING' || state === 'PAUSED');
  await harness.custody
    .session(id)
    .resume()
    .catch(() => undefined);
  await harness.until(id, ({ state }) => state === 'RUNNING');
  await livesOn(id);
}

/** What may come as the input of a command, and cannot be one. */
export const NONSENSE: readonly [what: string, payloads: readonly Payload[]][] = [
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
