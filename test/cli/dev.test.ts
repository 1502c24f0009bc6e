import { createServer } from 'node:net';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../protocol/calls/call.ts';
import type { SessionView } from '../../protocol/view.ts';
import {
  type Background,
  custody,
  type Folder,
  freePort,
  inBackground,
  operatorFolder,
  spawnCustody,
  spec,
} from './harness.ts';

let folder: Folder;
beforeAll(async () => {
  folder = await operatorFolder();
});
afterAll(() => folder?.remove());

const dev = (...args: string[]): Promise<Background> =>
  inBackground(['dev', '--ui-port', '0', '--gateway-port', '0', '--config', folder.config, ...args], {
    env: { CUSTODY_STATE_DIR: folder.state, TEMPORAL_ADDRESS: '127.0.0.1:9', TEMPORAL_NAMESPACE: 'prod' },
  });

const isAnswering = (url: unknown): Promise<boolean> =>
  fetch(String(url)).then(
    () => true,
    () => false,
  );

describe('U1: custody dev', () => {
  test(
    'a session outlives it in a file; SIGTERM stops the worker, then Temporal; a watcher outlives the gap; the ' +
      'environment is not read',
    async () => {
      const port = String(await freePort());
      const args = ['--port', port, '--db', join(folder.path, 'sessions.db')];
      const client = (...rest: string[]) => custody([...rest, '--address', `127.0.0.1:${port}`, '--json']);
      const first = await dev(...args);
      expect(first.said).toEqual({
        address: `127.0.0.1:${port}`,
        uiAddress: expect.stringContaining('http://127.0.0.1:'),
        namespace: 'default',
        worker: 'dev',
        store: process.env.CUSTODY_STORE,
        db: args[3],
        key: join(folder.state, 'dev.key'),
        gateway: {
          address: expect.stringContaining('http://127.0.0.1:'),
          key: expect.stringMatching(/^cst_/),
          link: expect.stringMatching(/\/console\/enter#[\w-]{43}$/),
        },
      });
      const gateway = first.said.gateway as { readonly address: string; readonly key: string };
      expect((await fetch(`${gateway.address}/console`)).status).toBe(200);
      expect((await fetch(`${gateway.address}/readyz`)).status).toBe(200);
      const asked = (token: string) =>
        fetch(`${gateway.address}/mcp/none`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
      expect((await asked(gateway.key)).status).toBe(404);
      expect((await asked(gateway.key.slice(0, -1))).status).toBe(401);
      expect((await stat(join(folder.state, 'dev.key'))).mode & 0o777, 'of the key').toBe(0o600);
      expect(await isAnswering(first.said.uiAddress)).toBe(true);
      expect((await stat(args[3]!)).mode & 0o777, 'of the file').toBe(0o600);
      expect(await client('start', await folder.write('spec.json', spec()), '--id', 'kept')).toMatchObject({ code: 0 });
      expect(
        await client('call', 'kept', 'journal.append', '--args', '{"text":"a"}', '--call-id', 'before'),
      ).toMatchObject({ code: 0 });
      const watching = spawnCustody(['watch', 'kept', '--address', `127.0.0.1:${port}`, '--json']);
      let watched = '';
      watching.stdout.setEncoding('utf8').on('data', (chunk: string) => (watched += chunk));
      const watchEnded = once(watching, 'close');
      await expect.poll(() => watched, { timeout: 10_000 }).toContain('"kind":"attempt"');
      expect(await first.stop()).toBe(0);
      expect(await isAnswering(first.said.uiAddress)).toBe(false);

      const second = await dev(...args);
      expect(second.said.worker).toBe('dev');
      const called = await client('call', 'kept', 'journal.append', '--args', '{"text":"b"}', '--call-id', 'after');
      expect(called.code, called.stderr).toBe(0);
      expect((JSON.parse(called.stdout) as Answer).outcome).toBe('succeeded');
      expect(JSON.parse((await client('show', 'kept')).stdout) as SessionView).toMatchObject({
        state: 'RUNNING',
        restarts: 0,
        calls: [{ callId: 'before' }, { callId: 'after' }],
      });
      expect(await client('complete', 'kept')).toMatchObject({ code: 0 });
      expect(await watchEnded).toEqual([0, null]);
      expect(watched).toContain('"kind":"ended"');
      expect(watched.match(/"kind":"started"/g)).toHaveLength(1);
      expect(await second.stop()).toBe(0);
    },
  );

  test('a second SIGINT ends both at once', async () => {
    const running = await dev('--port', '0');
    const started = await custody(['start', '-', '--id', 's', '--address', String(running.said.address)], {
      stdin: JSON.stringify(spec({ plan: [{ call: 'journal.append', args: { text: 'x', delayMs: 2900 } }] })),
    });
    expect(started.code, started.stderr).toBe(0);
    await expect
      .poll(
        async () => (await custody(['watch', 's', '--no-follow', '--address', String(running.said.address)])).stdout,
        { timeout: 15_000 },
      )
      .toMatch(/attempt /);
    running.kill('SIGINT');
    await expect.poll(() => running.stderr()).toContain('Stopping');
    running.kill('SIGINT');
    expect(await running.ended).toBe(130);
    await expect.poll(() => isAnswering(running.said.uiAddress), { timeout: 10_000 }).toBe(false);
  });

  test('U4: a port in use, and a missing operator file, are errors by code, before anything was started', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const [used, missing] = await Promise.all([
      custody(['dev', '--port', String(port), '--config', folder.config]),
      custody(['dev'], { cwd: folder.path.replace(/\/[^/]*$/, '') }),
    ]);
    blocker.close();
    expect(used).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^EMBEDDED_TEMPORAL_FAILED: .*${port}[^]*--port`)),
    });
    expect(missing).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^CONFIG_MISSING: [^]*custody init/),
    });
  });
});
