import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, expect, test } from 'vitest';
import { stdioServer } from '../servers/start.ts';
import { isAlive, scratchFolder, until } from './harness.ts';

/** A process that owns two servers, says their pids, and then does as it is told. */
const OWNER = `
import { ServerProcess } from "./mcp/stdio/process.js";
const servers = JSON.parse(process.argv[2]);
const started = await Promise.all(servers.map((server) => ServerProcess.start(server)));
console.log(JSON.stringify(started.map(({ pid }) => pid)));
process.stdin.on('data', () => process.exit(0));
`;

let owner: string;
beforeAll(async () => {
  const folder = await scratchFolder();
  const source = new URL('../../mcp/stdio/process.ts', import.meta.url).pathname;
  const tsc = new URL('../../node_modules/.bin/tsc', import.meta.url).pathname;
  const options = [
    '--ignoreConfig',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
    '--rewriteRelativeImportExtensions',
    '--skipLibCheck',
  ];
  const root = new URL('../..', import.meta.url).pathname;
  execFileSync(tsc, [...options, '--rootDir', root, '--outDir', folder, source], { cwd: process.cwd() });
  expect(readdirSync(join(folder, 'mcp'))).toContain('stdio');
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  owner = join(folder, 'owner.js');
  await writeFile(owner, OWNER);
}, 400_000);

async function startOwner(modes: readonly string[]): Promise<{ child: ReturnType<typeof spawn>; pids: number[] }> {
  const servers = modes.map((mode) => stdioServer('hostile.mjs', '--mode', mode));
  const child = spawn(process.execPath, [owner, JSON.stringify(servers)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, pids: JSON.parse(line) as number[] };
}

test('L6: a worker killed with SIGKILL leaves no server behind that heeds the end of its stdin', async () => {
  const { child, pids } = await startOwner(['none', 'hang']);
  expect(pids.map(isAlive)).toEqual([true, true]);
  child.kill('SIGKILL');
  await until(() => !pids.some(isAlive));
});

test('L6: a worker that ends takes even the servers with it that heed nothing', async () => {
  const { child, pids } = await startOwner(['none', 'stubborn']);
  expect(pids.map(isAlive)).toEqual([true, true]);
  child.stdin?.write('end\n');
  await once(child, 'exit');
  await until(() => !pids.some(isAlive));
});
