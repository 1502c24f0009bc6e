import { describe, expect, test } from 'vitest';
import type { McpConnection } from '../../../mcp/connection.ts';
import { answeredJson, callOptions, failure, open } from '../harness.ts';
import { overHttp as hostile } from './servers.ts';

describe('E2, E3: of a call that left, a status alone says that it was not carried out only in so many words', () => {
  const pokesOf = async (connection: McpConnection): Promise<number> =>
    (answeredJson(await connection.call('look', {}, callOptions())) as { pokes: number }).pokes;

  test.each([301, 302, 303, 307, 308, 400, 404, 408, 409, 410, 422, 499, 500, 502, 503, 504])(
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
