import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { CALL_ID, House, type ServeProcess } from './house.ts';
import { askAt } from './raw.ts';

const ASKING = fileURLToPath(new URL('../../servers/asking.mjs', import.meta.url));
const TAKES = { elicitation: {}, extensions: { 'io.modelcontextprotocol/tasks': {} } };

interface Answer {
  readonly result?: Record<string, any>;
  readonly error?: { readonly code: number; readonly data?: Record<string, any> };
}

let house: House;
let gateway: ServeProcess;
beforeAll(async () => {
  house = await House.open();
  await house.harness.stopWorker();
  const asking = { command: process.execPath, args: [ASKING, '--journal', join(house.harness.dir, 'asked.jsonl')] };
  await house.harness.configure({ servers: { asking }, tools: { 'asking.survey': { effect: 'irreversible' } } });
  await house.harness.startWorker();
  gateway = await house.serve('--park-after', '300ms');
});
afterAll(() => house?.close());

/** A client in a session, which declares in each request what it takes. */
function clientOf(token: string, url = gateway.url, capabilities: object = TAKES) {
  return async (method: string, params: Record<string, unknown>): Promise<Answer> => {
    const headers = { 'mcp-name': String(params['taskId'] ?? params['name']) };
    const response = await askAt(url, token, { method, params, headers, capabilities });
    return (await response.json()) as Answer;
  };
}

const append = (text: string, gate: string, callId = text) => ({
  name: 'append',
  arguments: { text, gate },
  _meta: { [CALL_ID]: callId },
});

describe('G3: a call that waits is a task for a client that takes tasks', () => {
  test('which any process tells of, and has the answer once there is one', async () => {
    const id = await house.harness.running();
    const { token } = await house.token({ session: id });
    const ask = clientOf(token);
    const { result: made } = await ask('tools/call', append('slow', 'g1', 'c1'));
    expect(made).toMatchObject({ resultType: 'task', taskId: 'c1', status: 'working', ttlMs: null });
    expect(Number.isInteger(made?.['pollIntervalMs'])).toBe(true);
    expect((await ask('tasks/get', { taskId: 'c1' })).result).toMatchObject({
      resultType: 'complete',
      taskId: 'c1',
      status: 'working',
      createdAt: made?.['createdAt'],
    });
    await gateway.kill();
    gateway = await house.serve('--park-after', '300ms');
    const other = clientOf(token);
    expect((await other('tasks/get', { taskId: 'c1' })).result).toMatchObject({ status: 'working' });
    // Made again, it is the same task.
    expect((await other('tools/call', append('slow', 'g1', 'c1'))).result).toMatchObject({ taskId: 'c1' });
    // Who cancels it stops nothing.
    expect((await other('tasks/cancel', { taskId: 'c1' })).result).toMatchObject({ resultType: 'complete' });
    house.harness.open('g1');
    const done = await until('the task is done', async () => {
      const { result } = await other('tasks/get', { taskId: 'c1' });
      return result?.['status'] === 'completed' ? result : undefined;
    });
    expect(done['result']).toMatchObject({ content: [{ text: 'appended slow' }], isError: false });
    expect(house.harness.phasesOf('slow')).toBe('begin end');
  });

  test('one that is answered soon is none', async () => {
    const { token } = await house.token({ session: await house.harness.running() });
    const patient = await house.serve();
    const ask = clientOf(token, patient.url);
    const quick = await ask('tools/call', { name: 'append', arguments: { text: 'quick' } });
    expect(quick.result).toMatchObject({ resultType: 'complete', content: [{ text: 'appended quick' }] });
  });

  test('while its session is paused as well, and no longer than that', async () => {
    const id = await house.harness.running();
    const session = house.harness.custody.session(id);
    const { token } = await house.token({ session: id });
    const ask = clientOf(token);
    await ask('tools/list', {});
    await session.pause({ reason: 'lunch' });
    const call = { name: 'append', arguments: { text: 'later' }, _meta: { [CALL_ID]: 'c1' } };
    const { result } = await ask('tools/call', call);
    expect(result).toMatchObject({ resultType: 'task', taskId: 'c1' });
    expect(result?.['statusMessage']).toContain('PAUSED');
    await session.resume();
    await until('the task is done', async () => {
      const got = await ask('tasks/get', { taskId: 'c1' });
      return got.result?.['status'] === 'completed';
    });
  });

  test('for whoever does not say so in this very request, it is what it was', async () => {
    const { token } = await house.token({ session: await house.harness.running() });
    const plain = clientOf(token, gateway.url, {});
    const made = await plain('tools/call', append('plain', 'g3', 'c1'));
    house.harness.open('g3');
    expect(made.result?.['resultType']).toBe('input_required');
    for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel'])
      expect((await plain(method, { taskId: 'c1', inputResponses: {} })).error).toMatchObject({
        code: -32021,
        data: { requiredCapabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } },
      });
  });
});

test("G3, G4: another's task looks like one that is not there, and so do all methods of it", async () => {
  const id = await house.harness.running();
  const [one, two] = await Promise.all([
    house.token({ session: id }),
    house.token({ session: id, subject: 'other-bot' }),
  ]);
  await clientOf(one.token)('tools/call', append('mine', 'g4', 'c1'));
  const other = clientOf(two.token);
  for (const method of ['tasks/get', 'tasks/update', 'tasks/cancel']) {
    const theirs = await other(method, { taskId: 'c1', inputResponses: {} });
    expect(theirs.error?.code).toBe(-32602);
    expect(theirs).toEqual(await other(method, { taskId: 'nothing', inputResponses: {} }));
  }
  house.harness.open('g4');
  for (const method of ['tasks/list', 'tasks/result'])
    expect((await other(method, { taskId: 'c1' })).error?.code).toBe(-32601);
});

test('G3, E8: what a server asks of a task is answered by its client, in parts, by keys of its own', async () => {
  const id = await house.harness.running({ servers: ['asking'] });
  const { token } = await house.token({ session: id });
  // While a client cannot ask its user, the call waits as a task; another request can.
  const mute = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
  const call = { name: 'survey', arguments: {}, _meta: { [CALL_ID]: 'c1' } };
  expect((await clientOf(token, gateway.url, mute)('tools/call', call)).result).toMatchObject({ taskId: 'c1' });
  await house.harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'awaiting_input'));
  expect((await clientOf(token, gateway.url, mute)('tasks/get', { taskId: 'c1' })).result).toMatchObject({
    status: 'working',
  });
  const ask = clientOf(token);
  const { result } = await ask('tasks/get', { taskId: 'c1' });
  expect(result?.['status']).toBe('input_required');
  const keys = Object.keys(result?.['inputRequests'] as object);
  expect(keys).toHaveLength(2);
  const [order, who] = ['order', 'who'].map((name) => keys.find((key) => key.startsWith(name)) as string);
  expect(result?.['inputRequests'][who as string]).toMatchObject({ method: 'elicitation/create' });
  const said = {
    [order as string]: { action: 'accept', content: { confirm: true } },
    [who as string]: { action: 'accept', content: { name: 'ann' } },
  };
  const update = (inputResponses: object) => ask('tasks/update', { taskId: 'c1', inputResponses });
  expect((await update({ unknown: { action: 'accept', content: {} } })).result).toMatchObject({
    resultType: 'complete',
  });
  expect((await update({ [order as string]: said[order as string] })).result).toMatchObject({ resultType: 'complete' });
  const { result: rest } = await ask('tasks/get', { taskId: 'c1' });
  expect([rest?.['status'], Object.keys(rest?.['inputRequests'] as object)]).toEqual(['input_required', [who]]);
  expect((await update({ [who as string]: said[who as string] })).result).toMatchObject({ resultType: 'complete' });
  const done = await until('the task is done', async () => {
    const { result: got } = await ask('tasks/get', { taskId: 'c1' });
    return got?.['status'] === 'completed' ? got : undefined;
  });
  expect(JSON.stringify(done['result'])).toContain('ann');
  // Said once more, it is passed over.
  expect((await update(said)).result).toMatchObject({ resultType: 'complete' });
});
