import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { Harness } from '../../support/harness.ts';
import { until } from '../../support/until.ts';

const program = (name: string): string =>
  fileURLToPath(import.meta.resolve(`@modelcontextprotocol/${name}/dist/index.js`));

test('E1, E6: a plan on server-filesystem over stdio and server-everything over HTTP hands results on', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const everything: ChildProcess = spawn(process.execPath, [program('server-everything'), 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  const own = await Harness.start();
  try {
    await until('server-everything listening', () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
    const scratch = join(await realpath(own.dir), 'scratch');
    await mkdir(scratch);
    await own.stopWorker();
    await own.configure({
      servers: {
        files: { command: process.execPath, args: [program('server-filesystem'), scratch], trustAnnotations: true },
        everything: { url },
      },
      tools: { 'everything.echo': { effect: 'read-only' } },
    });
    await own.startWorker();
    const path = join(scratch, 'a.md');
    const { id } = await own.custody.start(
      own.spec({
        servers: ['files', 'everything'],
        plan: [
          { call: 'everything.echo', as: 'said', args: { message: 'hello' } },
          { call: 'files.write_file', args: { path, content: '${said.content.0.text}!' } },
          {
            parallel: [
              { call: 'files.read_text_file', as: 'read', args: { path } },
              { call: 'files.list_directory', args: { path: scratch } },
            ],
          },
          { call: 'everything.echo', as: 'again', args: { message: '${read.content.0.text}' } },
          { call: 'files.read_text_file', as: 'outside', onError: 'continue', args: { path: '/etc/hostname' } },
        ],
      }),
    );
    const view = await own.custody.session(id).wait();
    expect(view).toMatchObject({
      state: 'COMPLETED',
      servers: [
        { name: 'files', protocolVersion: '2025-11-25' },
        { name: 'everything', protocolVersion: '2025-11-25' },
      ],
    });
    expect(view.calls.map(({ callId, outcome }) => [callId, outcome])).toEqual(
      expect.arrayContaining([
        ['plan/said', 'succeeded'],
        ['plan/again', 'succeeded'],
        ['plan/outside', 'tool_error'],
      ]),
    );
    expect(await readFile(path, 'utf8')).toBe('Echo: hello!');
  } finally {
    const exited = everything.exitCode === null ? once(everything, 'exit') : undefined;
    everything.kill('SIGKILL');
    await exited;
    await own.stop();
  }
});
