import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { Desk, type Generation } from '../desk.ts';

const TELLING = fileURLToPath(new URL('../../servers/telling.mjs', import.meta.url));

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
  await desk.harness.stopWorker();
  await desk.harness.configure({
    servers: { old: telling('2025-11-25'), new: telling('2026-07-28') },
    tools: { 'old.tell': { effect: 'read-only' }, 'new.tell': { effect: 'read-only' } },
  });
  await desk.harness.startWorker();
});
afterAll(() => desk?.close());

/** Calls that wait at the gate of this name go on. */
const open = (name: string) => writeFile(`${gate()}${name}`, '');
const gate = () => join(desk.harness.dir, 'gate-');
const telling = (revision: string) => ({
  command: process.execPath,
  args: [TELLING, '--revision', revision, '--gate', gate()],
});

const PAIRS: readonly (readonly [client: Generation, server: string])[] = [
  ['2025', 'old'],
  ['2025', 'new'],
  ['2026', 'old'],
  ['2026', 'new'],
];

interface Heard {
  readonly progress: { progress: number; total?: number | undefined; message?: string | undefined }[];
  readonly logs: unknown[];
}

/** Calls `tell`, and says what was heard by the time of the answer. */
async function tell(
  client: Client,
  steps: readonly object[],
  { level, times }: { readonly level?: string; readonly times?: number } = {},
): Promise<Heard & { readonly answer: unknown }> {
  const heard: Heard = { progress: [], logs: [] };
  // The client's own way may lose progress that comes with the answer.
  client.setNotificationHandler('notifications/progress', ({ params }) => {
    const { progress, total, message } = params;
    heard.progress.push({ progress, total, message });
  });
  client.setNotificationHandler('notifications/message', ({ params }) => void heard.logs.push(params));
  const isModern = client.getProtocolEra() === 'modern';
  if (level !== undefined && !isModern) await client.setLoggingLevel(level as 'info');
  const meta = level !== undefined && isModern ? { 'io.modelcontextprotocol/logLevel': level } : {};
  const answer = await client.callTool(
    {
      name: 'tell',
      arguments: { steps, ...(times === undefined ? {} : { times }) },
      _meta: { ...meta, progressToken: 1 },
    },
    { timeout: 60_000 },
  );
  return { ...heard, answer };
}

describe.each(PAIRS)('G1: what a server says in a call: a client of %s, the server %s', (generation, server) => {
  test('of a quick call reaches the client before the answer, in order and once', async () => {
    const { client } = await desk.connect(generation, [await desk.session(server)]);
    const steps = [
      { progress: 0, total: 100 },
      { level: 'info', data: 'begun' },
      { level: 'debug', data: 'of no interest' },
      { progress: 50, total: 100, message: 'half' },
      { level: 'error', logger: 'disk', data: { free: 0 } },
      { progress: 100, total: 100 },
    ];
    const { progress, logs, answer } = await tell(client, steps, { level: 'info' });
    expect(progress).toEqual([
      { progress: 0, total: 100 },
      { progress: 50, total: 100, message: 'half' },
      { progress: 100, total: 100 },
    ]);
    expect(logs).toEqual([
      { level: 'info', logger: server, data: 'begun' },
      { level: 'error', logger: `${server}/disk`, data: { free: 0 } },
    ]);
    expect(answer).toMatchObject({ content: [{ text: '"info"' }] });
  });

  test('is heard while the call runs', async () => {
    const id = await desk.session(server);
    const { client } = await desk.connect(generation, [id]);
    const said: number[] = [];
    const answer = client.callTool(
      { name: 'tell', arguments: { steps: [{ progress: 1, total: 3 }, { gate: id }, { progress: 2, total: 3 }] } },
      { onprogress: ({ progress }) => void said.push(progress), timeout: 60_000 },
    );
    await until('the first word', () => said.includes(1));
    await open(id);
    await answer;
    expect(said).toEqual([1, 2]);
  });
});

describe.each(['old', 'new'])('G1: a resource of the server %s that a client subscribed to', (server) => {
  test('is told of where it changes while a call of the client runs, until the client has enough', async () => {
    const { client } = await desk.connect('2025', [await desk.session(server)]);
    const changed: string[] = [];
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void changed.push(params.uri));
    const steps = [{ updated: 'test://watched' }, { updated: 'test://other' }, { wait: 100 }];
    await tell(client, steps);
    expect(changed).toEqual([]);
    await client.subscribeResource({ uri: 'test://watched' });
    await tell(client, steps);
    expect(changed).toEqual(['test://watched']);
    await client.unsubscribeResource({ uri: 'test://watched' });
    await tell(client, steps);
    expect(changed).toEqual(['test://watched']);
  });
});

describe('G1, E5: what a server says that is too much, or none of MCP', () => {
  const anyPair = async (generation: Generation = '2026', server = 'new') =>
    (await desk.connect(generation, [await desk.session(server)])).client;

  test('a flood: the last 32 words at most, and an answer all the same', async () => {
    const client = await anyPair();
    const { logs, answer } = await tell(client, [{ level: 'info', data: 'again' }], { level: 'info', times: 10_000 });
    expect(logs.length).toBeGreaterThan(0);
    expect(logs.length).toBeLessThanOrEqual(32 * 10);
    expect(answer).toMatchObject({ content: [{ text: '"info"' }] });
  });

  test('long and unprintable words are cut, and made printable', async () => {
    const client = await anyPair();
    const { logs, progress } = await tell(
      client,
      [
        { level: 'info', data: `\u001b[31mred\u0000\n${'x'.repeat(5000)}`, logger: 'a\u202eb' },
        { level: 'info', data: { ['na\nme']: '\u0007', list: [1, null, '\u001b[0m'] } },
        { level: 'info', data: Array.from({ length: 5000 }, (_, index) => index) },
        { level: 'loud', data: 'no such level' },
        { progress: 1, message: '\u001b[2Jgone' },
      ],
      { level: 'debug' },
    );
    expect(logs).toEqual([
      { level: 'info', logger: 'new/a b', data: expect.stringMatching(/^\[31mred x{900,1000}…$/) as string },
      { level: 'info', logger: 'new', data: { 'na me': '', list: [1, null, '[0m'] } },
      { level: 'info', logger: 'new', data: expect.stringMatching(/^\[0,1,2,.{900,1000}…$/) as string },
    ]);
    expect(progress).toEqual([{ progress: 1, message: '[2Jgone' }]);
  });

  test('progress that goes back, or stands still, is told as a little more', async () => {
    const steps = [5, 3, 3, 6, -1, 1e15, 1e15].map((progress) => ({ progress, total: 10 }));
    const said = (await tell(await anyPair(), steps)).progress.map(({ progress }) => progress);
    expect(said.slice(0, 5)).toEqual([5, 5.001, 5.002, 6, 6.001]);
    expect(said).toEqual([...new Set(said)].sort((a, b) => a - b));
    expect(said).toHaveLength(7);
  });

  test('what comes after the answer is not told, nor taken for the next call', async () => {
    const client = await anyPair();
    const first = await tell(client, [{ level: 'info', data: 'in time' }, { late: { level: 'info', data: 'late' } }], {
      level: 'info',
    });
    expect(first.logs).toMatchObject([{ data: 'in time' }]);
    const second = await tell(client, [{ wait: 200 }, { level: 'info', data: 'second' }], { level: 'info' });
    expect(second.logs.at(-1)).toMatchObject({ data: 'second' });
  });

  test('to who asks for nothing nothing is told, and the server is asked for no log messages', async () => {
    const client = await anyPair();
    const logs: unknown[] = [];
    client.setNotificationHandler('notifications/message', ({ params }) => void logs.push(params));
    const steps = [{ level: 'emergency', data: 'fire' }, { progress: 1 }];
    expect(await client.callTool({ name: 'tell', arguments: { steps } })).toMatchObject({
      content: [{ text: 'null' }],
    });
    expect(logs).toEqual([]);
  });
});
