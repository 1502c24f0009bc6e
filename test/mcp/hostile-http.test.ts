import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { McpConnection } from '../../mcp/connection.ts';
import { stdioServer } from '../servers/start.ts';
import {
  answeredJson,
  callBeside,
  callOptions,
  failure,
  MEGABYTE,
  open,
  peakGrowth,
  readJournal,
  scratchFolder,
  serve,
  until,
} from './harness.ts';

const hostile = async (mode: string, ...args: string[]): ReturnType<typeof serve> =>
  serve('hostile.mjs', ['--mode', mode, ...args]);

/** An address of loopback where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/mcp`;
}

describe('L2: an HTTP server that cannot be opened is named with the reason', () => {
  test('nobody listens', async () => {
    const error = await failure(open({ kind: 'http', name: 'gone', url: await deadUrl(), headers: {} }));
    expect(error).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      sent: false,
      message: expect.stringMatching(/'gone' cannot be reached.*ECONNREFUSED/) as string,
    });
  });

  test('a web server that is no MCP server', async () => {
    const { server } = await hostile('garbage');
    expect(await failure(open(server))).toMatchObject({
      code: 'SERVER_PROTOCOL_ERROR',
      sent: false,
      message: expect.stringContaining('text/html') as string,
    });
  });

  test('one that never answers', async () => {
    const { server } = await hostile('mute');
    expect(await failure(open(server, { timeout: 1000 }))).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      message: expect.stringContaining('did not answer within 1000 ms') as string,
    });
  });

  test('one that sends its clients elsewhere: neither the request nor its headers go there', async () => {
    const visits: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      visits.push(request.headers);
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const { server } = await hostile('redirect', '--target', `http://127.0.0.1:${port}/mcp`);
    const error = await failure(open({ ...server, headers: { authorization: 'Bearer hunter2' } }));
    elsewhere.close();
    expect(error).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      message: expect.stringMatching(/Redirect to .* not followed/) as string,
    });
    expect(error.message).not.toContain('hunter2');
    expect(visits).toEqual([]);
  });
});

test('E1: the headers of the entry go with every request', async () => {
  const { server } = await hostile('none');
  const connection = await open({ ...server, headers: { authorization: 'Bearer hunter2' } });
  const { headers } = answeredJson(await connection.call('look', {}, callOptions())) as {
    headers: Record<string, string>;
  };
  expect(headers['authorization']).toBe('Bearer hunter2');
  expect(headers['mcp-protocol-version']).toBe('2025-11-25');
});

describe('E2: a call of a hostile HTTP server ends with a code', () => {
  test.each([
    ['hang', 'TOOL_TIMEOUT', { sent: true, answered: false }, /no answer within 700 ms/],
    [
      'stream-end',
      'CONNECTION_LOST',
      { sent: true, answered: false },
      /ended the stream of the request without an answer/,
    ],
    ['no-answer', 'SERVER_PROTOCOL_ERROR', { sent: true, answered: false }, /did not answer it/],
    ['garbage-answer', 'SERVER_PROTOCOL_ERROR', { sent: true, answered: false }, /cannot be read/],
    ['broken', 'CONNECTION_LOST', { sent: true, answered: false }, /HTTP 503.*out of order/],
    ['die-in-call', 'CONNECTION_LOST', { sent: true, answered: false }, /connection broke/],
    ['refuse', 'SERVER_REFUSED', { sent: true, answered: true }, /error -32050/],
  ])('%s: %s', async (mode, code, delivery, message) => {
    const { server } = await hostile(mode);
    const connection = await open(server);
    const error = await failure(connection.call('poke', {}, callOptions({ timeout: 700 })));
    expect(error).toMatchObject({ code, ...delivery, message: expect.stringMatching(message) as string });
    if (mode !== 'die-in-call')
      expect(await connection.call('look', {}, callOptions())).toMatchObject({ isError: false });
  });

  test('a server that is not there any more gets nothing', async () => {
    const running = await hostile('none');
    const connection = await open(running.server);
    await running.kill();
    expect(await failure(connection.call('poke', {}, callOptions()))).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      sent: false,
    });
  });

  test.each(['2025-06-18', '2026-07-28'])(
    'revision %s: a server killed in mid-call leaves the call in doubt, at once',
    async (revision) => {
      const journal = `${await scratchFolder()}/journal`;
      const running = await serve('journal.mjs', ['--journal', journal, '--revision', revision]);
      const connection = await open(running.server);
      const started = performance.now();
      const call = failure(connection.call('append', { text: 'x', delayMs: 20_000 }, callOptions({ timeout: 20_000 })));
      await until(() => readJournal(journal).length === 1);
      await running.kill();
      expect(await call).toMatchObject({ code: 'CONNECTION_LOST', sent: true, answered: false });
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );

  test('a server that forgot the protocol session may have acted, and the connection is closed', async () => {
    const journal = `${await scratchFolder()}/journal`;
    const args = ['--journal', journal, '--revision', '2025-11-25', '--sessions', 'yes'];
    const first = await serve('journal.mjs', args);
    const connection = await open(first.server);
    await connection.call('append', { text: 'one' }, callOptions());
    await first.kill();
    await serve('journal.mjs', args, Number(new URL(first.server.url).port));
    expect(await failure(connection.call('append', { text: 'two' }, callOptions()))).toMatchObject({
      code: 'CONNECTION_LOST',
      sent: true,
      answered: false,
      message: expect.stringContaining('HTTP 404') as string,
    });
    await until(() => connection.closed);
    expect(readJournal(journal).map(({ phase }) => phase)).toEqual(['begin', 'end']);
  });
});

describe('E2, E3: of a call that left, a status alone says that it was not carried out only in so many words', () => {
  const pokesOf = async (connection: McpConnection): Promise<number> =>
    (answeredJson(await connection.call('look', {}, callOptions())) as { pokes: number }).pokes;

  test.each([301, 302, 303, 307, 308, 400, 404, 408, 409, 410, 422, 500, 502, 503, 504])(
    'HTTP %d: it may have acted, whatever the text says; and it is sent once, and nowhere else',
    async (status) => {
      const { server } = await hostile('told');
      const connection = await open(server);
      const told = { status, type: 'text/plain', body: 'session not found, nothing was done' };
      expect(await failure(connection.call('poke', told, callOptions()))).toMatchObject({
        code: 'CONNECTION_LOST',
        sent: true,
        answered: false,
      });
      expect(await pokesOf(connection)).toBe(1);
    },
  );

  test.each([401, 403, 405, 413, 415, 429])('HTTP %d: it was refused', async (status) => {
    const { server } = await hostile('told');
    const connection = await open(server);
    expect(await failure(connection.call('poke', { status, body: 'no' }, callOptions()))).toMatchObject({
      code: 'SERVER_REFUSED',
      sent: true,
      answered: true,
    });
    expect(await pokesOf(connection)).toBe(1);
  });

  test.each([400, 404, 500])('HTTP %d with a JSON-RPC error for the very request: it was refused', async (status) => {
    const { server } = await hostile('told');
    const connection = await open(server);
    const body = '{"jsonrpc":"2.0","id":$ID,"error":{"code":-32602,"message":"no such thing"}}';
    expect(await failure(connection.call('poke', { status, body }, callOptions()))).toMatchObject({
      code: 'SERVER_REFUSED',
      answered: true,
      rpc: { code: -32602, message: 'no such thing' },
    });
  });

  test.each([
    [404, 'session not found'],
    [404, '{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}'],
    [400, 'no valid session ID'],
    [400, 'the moon is in the way'],
  ])('HTTP %d %s, with a protocol session: the call is in doubt, and the session is given up', async (status, body) => {
    const { server } = await hostile('told-in-session');
    const connection = await open(server);
    expect(connection.lease).toBeDefined();
    expect(await failure(connection.call('poke', { status, body }, callOptions()))).toMatchObject({
      code: 'CONNECTION_LOST',
      sent: true,
      answered: false,
    });
    expect(connection.closed).toBe(true);
    expect(await failure(connection.call('poke', { status, body }, callOptions()))).toMatchObject({ sent: false });
    expect(await pokesOf(await open(server))).toBe(1);
  });

  test('HTTP 400 with an answer to the very request leaves the protocol session alone', async () => {
    const { server } = await hostile('told-in-session');
    const connection = await open(server);
    const body = '{"jsonrpc":"2.0","id":$ID,"error":{"code":-32602,"message":"no such session in this hotel"}}';
    expect(await failure(connection.call('poke', { status: 400, body }, callOptions()))).toMatchObject({
      code: 'SERVER_REFUSED',
    });
    expect(connection.closed).toBe(false);
  });
});

describe('E5: a flood over HTTP costs the worker neither its memory nor its time', () => {
  test.each(['huge', 'huge-open'])('%s: 50 MB end their own call', async (mode) => {
    const { server } = await hostile(mode);
    const connection = await open(server);
    const growth = await peakGrowth(async () => {
      const [huge, small] = await Promise.all([
        failure(connection.call('poke', {}, callOptions())),
        connection.call('look', {}, callOptions()),
      ]);
      expect(huge).toMatchObject({ code: 'RESULT_TOO_LARGE', sent: true, answered: true });
      expect(small).toMatchObject({ isError: false });
    });
    expect(growth).toBeLessThan(100 * MEGABYTE);
    expect(connection.closed).toBe(false);
  });

  test.each(['flood', 'ping-flood'])('%s: nothing piles up, and others are served meanwhile', async (mode) => {
    const { server } = await hostile(mode);
    const connection = await open(server);
    const flood = failure(connection.call('poke', {}, callOptions({ timeout: 2000 })));
    const load = await callBeside(flood, stdioServer('hostile.mjs', '--mode', 'none'));
    expect(await flood).toMatchObject({ code: 'TOOL_TIMEOUT' });
    expect(load.growth).toBeLessThan(50 * MEGABYTE);
    expect(load.slowest).toBeLessThan(1000);
    expect(load.calls).toBeGreaterThan(100);
  });

  test('the stream that belongs to no request is not taken up again after it flooded', async () => {
    const { server } = await hostile('get-huge');
    const connection = await open(server);
    const gets = async (): Promise<number> =>
      (answeredJson(await connection.call('look', {}, callOptions())) as { gets: number }).gets;
    await until(async () => (await gets()) === 1);
    await sleep(1500);
    expect(await gets()).toBe(1);
  });
});
