import { describe, expect, test } from 'vitest';
import type { McpConnection } from '../../mcp/connection.ts';
import { stdioServer } from '../servers/start.ts';
import { callOptions, open, serve, until } from './harness.ts';

const hashOf = async (connection: McpConnection): Promise<string | undefined> =>
  (await connection.tools()).get('change')?.hash;

describe('L2: under revision 2026-07-28 a change of the tools is heard on a subscription', () => {
  test.each(['stdio', 'http'])('over %s', async (transport) => {
    const connection = await open(
      transport === 'stdio' ? stdioServer('changing.mjs') : (await serve('changing.mjs', [])).server,
    );
    expect(connection.protocolVersion).toBe('2026-07-28');
    const before = await hashOf(connection);
    expect(await connection.tools()).toBe(await connection.tools());
    await connection.call('change', {}, callOptions());
    await until(async () => (await hashOf(connection)) !== before);
  });

  test('and when the server was replaced by one with other tools, that is found out', async () => {
    const first = await serve('changing.mjs', []);
    const connection = await open(first.server);
    const before = await hashOf(connection);
    await first.kill();
    await serve('changing.mjs', ['--description', 'Changes your money.'], Number(new URL(first.server.url).port));
    await until(async () => (await hashOf(connection)) !== before);
    const after = await connection.tools();
    expect(await connection.tools()).toBe(after);
    await connection.call('change', {}, callOptions());
    await until(async () => (await connection.tools()) !== after);
  });
});
