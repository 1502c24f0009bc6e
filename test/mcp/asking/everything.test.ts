import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../../cli/temporal/freePort.ts';
import type { HttpServer, StdioServer } from '../../../mcp/server.ts';
import { callOptions, open, until } from '../harness.ts';
import { accept, folder, question } from './helpers.ts';

const children: ChildProcess[] = [];
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));

describe('E8: server-everything asks', () => {
  const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
  const stdio = (): StdioServer => ({
    kind: 'stdio',
    name: 'everything',
    command: process.execPath,
    args: [program, 'stdio'],
    env: {},
    cwd: folder,
  });
  const http = async (): Promise<HttpServer> => {
    const port = await freePort();
    children.push(
      spawn(process.execPath, [program, 'streamableHttp'], {
        env: { ...process.env, PORT: String(port) },
        stdio: 'ignore',
      }),
    );
    const url = `http://127.0.0.1:${port}/mcp`;
    await until(
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      15_000,
    );
    return { kind: 'http', name: 'everything', url, headers: {} };
  };

  test.each([
    ['stdio', stdio],
    ['Streamable HTTP', http],
  ] as const)(
    'over %s, with another call under way',
    async (_, server) => {
      const connection = await open(await server());
      expect((await connection.tools()).has('trigger-elicitation-request')).toBe(true);
      const other = connection.call('trigger-long-running-operation', { duration: 1, steps: 2 }, callOptions());
      const asked = question(await connection.call('trigger-elicitation-request', {}, callOptions()));
      expect(asked.forms[0]?.message).toContain('Please provide inputs');
      const answer = await asked.held?.respond(accept({ name: 'Ann' }), callOptions());
      expect(JSON.stringify(answer)).toContain('Ann');
      expect(await other).toMatchObject({ isError: false });
    },
    40_000,
  );
});
