import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import type { HttpServer, StdioServer } from '../../mcp/server.ts';
import { callOptions, failure, open, scratchFolder, until } from './harness.ts';
import { freePort } from '../../cli/temporal/freePort.ts';

const program = (name: string): string =>
  fileURLToPath(import.meta.resolve(`@modelcontextprotocol/${name}/dist/index.js`));

const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map(stop));
});

async function stop(child: ChildProcess): Promise<void> {
  const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  child.kill('SIGKILL');
  await exited;
}

async function startEverything(port: number): Promise<{ server: HttpServer; child: ChildProcess }> {
  const child = spawn(process.execPath, [program('server-everything'), 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  const url = `http://127.0.0.1:${port}/mcp`;
  await until(
    () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    15_000,
  );
  return { server: { kind: 'http', name: 'everything', url, headers: {} }, child };
}

test('E1: server-filesystem over stdio writes a file and reads it', async () => {
  const folder = await realpath(await scratchFolder());
  const server: StdioServer = {
    kind: 'stdio',
    name: 'files',
    command: process.execPath,
    args: [program('server-filesystem'), folder],
    env: {},
    cwd: folder,
  };
  const connection = await open(server);
  expect(connection.protocolVersion).toBe('2025-11-25');
  const tools = await connection.tools();
  expect(tools.get('read_text_file')?.annotations.readOnlyHint).toBe(true);
  expect(
    await connection.call('write_file', { path: join(folder, 'a.md'), content: 'hello' }, callOptions()),
  ).toMatchObject({ isError: false });
  expect(await readFile(join(folder, 'a.md'), 'utf8')).toBe('hello');
  expect(await connection.call('read_text_file', { path: join(folder, 'a.md') }, callOptions())).toMatchObject({
    content: [{ type: 'text', text: 'hello' }],
  });
  expect(await connection.call('read_text_file', { path: '/etc/hostname' }, callOptions())).toMatchObject({
    isError: true,
  });
});

test(
  'E1: server-everything over Streamable HTTP answers, tells its progress, and is opened anew after a ' + 'restart',
  async () => {
    const port = await freePort();
    const { server, child } = await startEverything(port);
    const connection = await open(server);
    expect(connection.protocolVersion).toBe('2025-11-25');
    expect(connection.sessionBound).toBe(true);
    expect((await connection.tools()).has('echo')).toBe(true);
    expect(await connection.call('echo', { message: 'hello' }, callOptions())).toMatchObject({
      content: [{ type: 'text', text: 'Echo: hello' }],
    });
    const progress: number[] = [];
    await connection.call(
      'trigger-long-running-operation',
      { duration: 1, steps: 4 },
      callOptions({ onProgress: (step) => progress.push(step.progress) }),
    );
    expect(progress).toEqual([1, 2, 3, 4]);

    await stop(child);
    await startEverything(port);
    expect(await failure(connection.call('echo', { message: 'again' }, callOptions()))).toMatchObject({
      code: 'CONNECTION_LOST',
      sent: true,
    });
    await until(() => connection.closed);
    expect(await (await open(server)).call('echo', { message: 'again' }, callOptions())).toMatchObject({
      isError: false,
    });
  },
  60_000,
);
