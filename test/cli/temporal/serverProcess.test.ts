import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startServerProcess } from '../../../cli/temporal/serverProcess.ts';
import { isAlive } from '../../support/processes/isAlive.ts';

test('a server that ends by itself tells how, with its last lines', async () => {
  const server = await startServerProcess('/bin/sh', ['-c', 'echo one; echo two >&2; exit 3'], {});
  expect((await server.ended).split('\n').sort()).toEqual(['exit code 3', 'one', 'two']);
});

test('a program that is not there is an error', async () => {
  await expect(startServerProcess('/no/such/program', [], {})).rejects.toThrow('ENOENT');
});

test('a server does not outlive its parent, even one killed by SIGKILL', async ({ onTestFinished }) => {
  // Node 20 does not run TypeScript, so the module is compiled for the parent process.
  const folder = await mkdtemp(join(tmpdir(), 'custody-parent-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const source = fileURLToPath(new URL('../../../cli/temporal/serverProcess.ts', import.meta.url));
  await promisify(execFile)(process.execPath, [
    tsc,
    '--ignoreConfig',
    '--target',
    'es2023',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--outDir',
    folder,
    source,
  ]);
  const url = pathToFileURL(join(folder, 'serverProcess.js')).href;
  const script = `
    const { startServerProcess } = await import(${JSON.stringify(url)});
    const server = await startServerProcess('/bin/sleep', ['600'], {});
    console.log(server.pid);
    await new Promise(() => setInterval(() => {}, 1000));`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await new Promise<number>((resolve) => {
    createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line)));
  });
  expect(isAlive(pid)).toBe(true);

  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});
