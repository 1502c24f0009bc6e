import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Desk } from './desk.ts';
import { RawClient } from './rawClient.ts';

const RAW = fileURLToPath(new URL('../servers/raw.mjs', import.meta.url));
const raw = (results: { readonly [method: string]: unknown }): object => ({
  command: process.execPath,
  args: [
    RAW,
    '--results',
    JSON.stringify(Object.fromEntries(Object.entries(results).map(([key, value]) => [key, JSON.stringify(value)]))),
  ],
});

const EVERY_CHARACTER = `x://${Array.from({ length: 16 }, (_, index) => `{v${index}}`).join('')}!`;

let desk: Desk;
beforeAll(async () => {
  const uriTemplate = { uriTemplate: EVERY_CHARACTER, name: 'many' };
  desk = await Desk.open({
    servers: { twisted: raw({ 'resources/templates/list': { resourceTemplates: [uriTemplate] } }) },
  });
});
afterAll(() => desk?.close());

const clients: RawClient[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.kill();
});

async function connect(...args: string[]): Promise<RawClient> {
  const client = RawClient.start(desk, ...args);
  clients.push(client);
  return client.initialize();
}

const call = (id: number, args: string): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"append","arguments":${args}}}`;

test('G1: every request gets one response, whatever stands in it, and the process ends with its client', async () => {
  const client = await connect(await desk.session('journal'));
  const requests = [
    '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}',
    '{"jsonrpc":"2.0","id":2,"method":"tools/list","params":{"cursor":null}}',
    '{"jsonrpc":"2.0","id":3.5,"method":"ping"}',
    '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}',
    '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    '\uFEFF{"jsonrpc":"2.0","id":4,"method":"ping"}',
    '{"jsonrpc":"2.0","id":5,"method":"ping","params":{"_meta":null}}',
    '{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"custody_status","arguments":null}}',
    '{"jsonrpc":"2.0","id":7,"method":"ping"}',
    call(8, `{"text":"${'x'.repeat(11 * 1024 * 1024)}"}`),
  ];
  await client.ask(...requests);
  const codes = client.responses.map(({ id, error }) => [id, error?.code]);
  expect(codes).toHaveLength(requests.length + 1);
  expect(new Map(codes as [unknown, unknown][])).toEqual(
    new Map<unknown, unknown>([
      ['hello', undefined],
      [1, -32602],
      [2, -32602],
      [3.5, -32600],
      [JSON.parse('9007199254740993'), -32600],
      [null, -32600],
      [4, undefined],
      [5, -32602],
      [6, -32602],
      [7, undefined],
      [8, -32600],
    ]),
  );
  expect(await client.hangUp()).toBe(0);
});

test.each(['9007199254740993', '1e999', '-0', '0.12345678901234567890'])(
  'A2: a call with a number that would be altered is not made, and says so: %s',
  async (number) => {
    const id = await desk.session('journal');
    const client = await connect(id);
    const [answer] = await client.ask(call(1, `{"text":"x","n":${number}}`));
    expect(answer).toMatchObject({
      result: {
        isError: true,
        content: [{ text: expect.stringContaining(number) as string }],
        _meta: { 'io.custody/code': 'MALFORMED_COMMAND' },
      },
    });
    expect((await desk.harness.custody.session(id).describe()).calls).toEqual([]);
  },
);

test('G1: a template of many variables and a long URI that fits it hang nobody, and the process ends', async () => {
  const client = await connect(await desk.session('twisted', 'journal'));
  const uri = `x://${'a'.repeat(1500)}`;
  const read = (id: number): string =>
    JSON.stringify({ jsonrpc: '2.0', id, method: 'resources/read', params: { uri } });
  await client.ask(read(1), read(2), '{"jsonrpc":"2.0","id":3,"method":"ping"}');
  expect(client.responses.map(({ id }) => id)).toEqual(expect.arrayContaining([1, 2, 3]));
  client.say(read(4));
  expect(await client.hangUp()).toBe(0);
});
