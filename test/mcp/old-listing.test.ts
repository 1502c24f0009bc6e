import { afterEach, expect, test, vi } from 'vitest';
import type { McpConnection } from '../../mcp/connection.ts';
import { stdioServer } from '../servers/start.ts';
import { open, until } from './harness.ts';

afterEach(() => vi.restoreAllMocks());

const MINUTE = 60_000;

/** Lets the clock of this process be ahead. */
function later(ms: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
}

/** A server that says nothing of changes, with one tool of this description; `$LISTINGS`: how often it was listed. */
const listing = (description: string): Promise<McpConnection> => {
  const list = JSON.stringify({ tools: [{ name: 'poke', description, inputSchema: { type: 'object' } }] });
  return open(stdioServer('raw.mjs', '--results', JSON.stringify({ 'tools/list': list })));
};

test('P5: a list that is five minutes old is renewed beside the call that finds it so', async () => {
  const connection = await listing('listed $LISTINGS times');
  const first = await connection.tools();
  later(4 * MINUTE);
  expect(await connection.tools()).toBe(first);
  vi.restoreAllMocks();
  later(5 * MINUTE);
  expect(await connection.tools()).toBe(first);
  await until(async () => (await connection.tools()) !== first);
  expect((await connection.tools()).get('poke')?.definition.description).toBe('listed 2 times');
});

test('P5: one that is as it was stays the same', async () => {
  const connection = await listing('as ever');
  const first = await connection.tools();
  later(5 * MINUTE);
  for (let times = 0; times < 20; times += 1) {
    expect(await connection.tools()).toBe(first);
    await new Promise(setImmediate);
  }
});
