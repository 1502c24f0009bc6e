import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stdioServer } from '../servers/start.ts';
import { callOptions, failure, open, scratchFolder, serve } from './harness.ts';
import type { McpConnection } from '../../mcp/connection.ts';
import type { ResolvedServer } from '../../mcp/server.ts';

const GOOD = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo: { name: 'raw', version: '1' } };

/** A server that answers `initialize` like this, and how often it was started. */
async function raw(way: Way, result: unknown): Promise<{ readonly server: ResolvedServer; starts(): number }> {
  const starts = join(await scratchFolder(), 'starts');
  const args = ['--starts', starts, '--results', JSON.stringify({ initialize: JSON.stringify(result) })];
  const server = way === 'stdio' ? stdioServer('raw.mjs', ...args) : (await serve('raw.mjs', args)).server;
  return { server, starts: () => readFileSync(starts, 'utf8').split('\n').length - 1 };
}

type Way = 'stdio' | 'http';

describe.each<Way>(['stdio', 'http'])('L2, E2: %s: an opening', (way) => {
  test.each([
    ['a revision that nobody knows', { ...GOOD, protocolVersion: '2099-01-01' }, /not supported: 2099-01-01/],
    ['tools as a list', { ...GOOD, capabilities: { tools: [] } }, /capabilities\.tools: .*array/],
    ['tools as true', { ...GOOD, capabilities: { tools: true } }, /capabilities\.tools: .*boolean/],
    ['no version', { ...GOOD, serverInfo: { name: 'raw' } }, /serverInfo\.version: /],
    ['no revision', { ...GOOD, protocolVersion: null }, /protocolVersion: /],
    ['a text', 'hello', /an answer that is no message/],
    ['a list', [], /an answer that is no message/],
    ['nothing', null, /an answer that is no message/],
  ])('fails once, at once, and says why: %s', async (_, result, why) => {
    const { server, starts } = await raw(way, result);
    expect(await failure(open(server, { timeout: 60_000 }))).toMatchObject({
      code: 'SERVER_PROTOCOL_ERROR',
      sent: false,
      message: expect.stringMatching(why) as string,
    });
    expect(starts()).toBe(1);
  });

  test.each([
    ['capabilities.logging', { ...GOOD, capabilities: { tools: {}, logging: null } }],
    ['instructions', { ...GOOD, instructions: null }],
    ['_meta', { ...GOOD, _meta: null }],
    ['serverInfo.title', { ...GOOD, serverInfo: { ...GOOD.serverInfo, title: null } }],
  ])('takes an optional member that is null for none: %s', async (_, result) => {
    const { server, starts } = await raw(way, result);
    expect([...(await (await open(server)).tools()).keys()]).toEqual(['poke']);
    expect(starts()).toBe(1);
  });
});

const nested = (levels: number): object => (levels === 0 ? {} : { items: nested(levels - 1) });
const tool = (more: object): object => ({ name: 'poke', inputSchema: { type: 'object' }, ...more });
const listing = (result: object): Promise<McpConnection> =>
  open(stdioServer('raw.mjs', '--results', JSON.stringify({ 'tools/list': JSON.stringify(result) })));

test.each([
  ['', /it gives an empty cursor/],
  ['same', /does not get on: it gives the cursor "same" again/],
])('L2: a listing whose next cursor is "%s" is a fault that is named', async (nextCursor, why) => {
  const connection = await listing({ tools: [tool({})], nextCursor });
  expect(await failure(connection.tools())).toMatchObject({
    code: 'SERVER_PROTOCOL_ERROR',
    message: expect.stringMatching(why) as string,
  });
});

test('L2: one bad tool is one bad tool: it is left out by name, and the others are there', async () => {
  const bad = [
    [tool({ name: 'null', inputSchema: null }), 'null', 'it has no schema of its arguments'],
    [tool({ name: 'true', inputSchema: true }), 'true', 'it has no schema of its arguments'],
    [tool({ name: 'twin' }), 'twin', 'two definitions have this name'],
    [tool({ name: '' }), '', 'its name is not a text of 1 to 200 characters'],
    [tool({ name: 7 }), '7', 'its name is not a text of 1 to 200 characters'],
    [tool({ name: 'deep', inputSchema: nested(600) }), 'deep', 'its definition has more than 500 levels'],
    [tool({ name: 'half', title: '\ud800' }), 'half', 'its definition has no canonical form'],
  ] as const;
  const odd = tool({ name: 'odd', inputSchema: { anyOf: [{ required: ['a'] }], required: null } });
  const tools = [...bad.map(([definition]) => definition), odd, tool({ name: 'twin', title: 'again' }), tool({})];
  const connection = await listing({ tools });
  expect([...(await connection.tools()).keys()]).toEqual(['odd', 'poke']);
  expect(connection.leftOut.map(({ name }) => name).sort()).toEqual(bad.map(([, name]) => name).sort());
  for (const [, name, why] of bad) expect(connection.leftOut.find((each) => each.name === name)?.why).toContain(why);
});

test('L2: in a storm of changes the tools are listed once for each who asks; nobody waits for its end', async () => {
  const results = JSON.stringify({ 'tools/call': '{"content":[],"structuredContent":{"listings":$LISTINGS}}' });
  const connection = await open(stdioServer('raw.mjs', '--storm', 'yes', '--results', results));
  for (let asked = 1; asked <= 5; asked += 1) {
    expect([...(await connection.tools()).keys()]).toEqual(['poke']);
    expect(await connection.call('poke', {}, callOptions())).toMatchObject({ structuredContent: { listings: asked } });
  }
});

test('what is opened, or is not, leaves nothing on the signal, which lives as long as its worker', async () => {
  const { signal } = new AbortController();
  const options = { signal, timeout: 5000 };
  await open(stdioServer('journal.mjs', '--journal', join(await scratchFolder(), 'journal')), options);
  const connection = await open((await serve('hostile.mjs', ['--mode', 'told'])).server, options);
  await connection.call(
    'poke',
    { body: '{"jsonrpc":"2.0","id":$ID,"result":{"content":[]}}' },
    callOptions({ signal }),
  );
  expect(await failure(open(stdioServer('hostile.mjs', '--mode', 'mute'), { signal, timeout: 300 }))).toMatchObject({
    code: 'SERVER_UNAVAILABLE',
    message: expect.stringContaining('did not answer within 300 ms') as string,
  });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  // Where Node.js keeps what `AbortSignal.any` made of it.
  const joint = Object.getOwnPropertySymbols(signal).find(({ description }) => description === 'kDependantSignals');
  const dependents = joint ? (signal as unknown as Record<symbol, Set<unknown> | undefined>)[joint] : undefined;
  expect(dependents?.size ?? 0).toBe(0);
});
