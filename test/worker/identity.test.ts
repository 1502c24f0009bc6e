import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import { moveIn } from '../../worker/identity/home.ts';

const SCRIPT = fileURLToPath(new URL('../../dist/test/worker/tenant.js', import.meta.url));

interface Tenant {
  readonly identity: WorkerIdentity;
  /** Settles when the process is gone. */
  signal(signal: NodeJS.Signals): Promise<void>;
  leave(): Promise<void>;
  send(signal: NodeJS.Signals): void;
}

let dir: string;
const pids = new Set<number>();
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'custody-names-'));
});
afterEach(async () => {
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await rm(dir, { recursive: true, force: true });
});

async function tenant(name: string): Promise<Tenant> {
  if (!existsSync(SCRIPT)) throw new Error(`${SCRIPT} is not there. Run \`npm run build\` first.`);
  const child = spawn(process.execPath, [SCRIPT, name, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('The process did not start.');
  pids.add(pid);
  const exited = once(child, 'exit').then(() => void pids.delete(pid));
  const failed = exited.then((): never => {
    throw new Error('The process ended before it had a name.');
  });
  failed.catch(() => undefined);
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), failed]);
  return {
    identity: JSON.parse(String(line)),
    send: (signal) => void child.kill(signal),
    signal: (signal) => {
      child.kill(signal);
      return exited;
    },
    leave: () => {
      child.stdin.write('leave\n');
      return exited;
    },
  };
}

describe('L6: one living process has a name', () => {
  test('processes that start in one instant get names of their own', async () => {
    const tenants = await Promise.all(Array.from({ length: 5 }, () => tenant('w')));
    expect(tenants.map(({ identity }) => identity.name).toSorted()).toEqual(['w', 'w-2', 'w-3', 'w-4', 'w-5']);
  });

  test('so do workers of one process that start in one instant', async () => {
    const homes = await Promise.all([moveIn('w', dir), moveIn('w', dir)]);
    expect(homes.map(({ identity }) => identity.name).toSorted()).toEqual(['w', 'w-2']);
    await Promise.all(homes.map((home) => home.leave()));
  });

  test(
    'a process that is killed leaves its name free at once, and the next one ' + 'knows that it did not drain',
    async () => {
      const first = await tenant('w');
      await first.signal('SIGKILL');
      const second = await tenant('w');
      expect(second.identity).toMatchObject({ name: 'w', afterDrain: false });
      expect(second.identity.boot).not.toBe(first.identity.boot);
    },
  );

  test('a process that drained leaves its name free, and the next one knows that it drained', async () => {
    const first = await tenant('w');
    await first.leave();
    expect((await tenant('w')).identity).toMatchObject({ name: 'w', afterDrain: true });
    expect((await tenant('w')).identity, 'and who comes while that one lives').toMatchObject({ name: 'w-2' });
  });

  test('a process that is stopped, as by a debugger, keeps its name', async () => {
    const first = await tenant('w');
    first.send('SIGSTOP');
    expect((await tenant('w')).identity.name).toBe('w-2');
  });

  test('a crashed worker whose process id another process has now is not taken for alive', async () => {
    await mkdir(join(dir, 'w'));
    await writeFile(join(dir, 'w', 'boot.json'), JSON.stringify({ boot: 'old', pid: process.ppid, drained: false }));
    const home = await moveIn('w', dir);
    expect(home.identity).toMatchObject({ name: 'w', afterDrain: false });
    await home.leave();
  });

  test('a worker that leaves without having drained frees its name in its own process, too', async () => {
    const first = await moveIn('w', dir);
    await first.leave();
    const second = await moveIn('w', dir);
    expect(second.identity).toMatchObject({ name: 'w', afterDrain: false });
    await second.leave();
  });

  test('long names fit, and a folder that is too long for a socket is refused in words', async () => {
    const home = await moveIn('n'.repeat(63), dir);
    expect(home.identity.name).toHaveLength(63);
    await home.leave();
    await expect(moveIn('w', join(dir, 'd'.repeat(100)))).rejects.toThrow(/CUSTODY_STATE_DIR/);
  });
});
