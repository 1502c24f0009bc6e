import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk } from '../gateway/desk.ts';
import { type Bridge, startBridge } from './bridge.ts';
import { nodeOf24, npmFolder } from './install.ts';

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';
const FIXTURE = fileURLToPath(new URL('../servers/conformance.mjs', import.meta.url));

let desk: Desk;
let bridge: Bridge;
let node: string;
let suite: string;

beforeAll(async () => {
  [node, suite] = await Promise.all([nodeOf24(), npmFolder(SUITE).then((folder) => join(folder, 'node_modules/@modelcontextprotocol/conformance/dist/index.js'))]);
  desk = await Desk.open({ servers: { conformance: { command: process.execPath, args: [FIXTURE] } } });
  const id = await desk.session('conformance');
  const { command, args, env } = desk.command(id);
  bridge = await startBridge(command, args, env);
});
afterAll(async () => {
  await bridge?.close();
  await desk?.close();
});

const scenario = (name: string, revision: string): Promise<string> => new Promise((resolve) => {
  execFile(node, [suite, 'server', '--url', bridge.url, '--scenario', name, '--spec-version', revision], { maxBuffer: 1e8 }, (error, stdout, stderr) => resolve(`${error ? 'FAILED' : 'PASSED'}\n${stdout}${stderr}`));
});

test('probe', async () => {
  const names = (await readFile('/tmp/gw-lab/scenarios.txt', 'utf8')).trim().split('\n');
  for (const line of names) {
    const [name, revision] = line.split(' ') as [string, string];
    const out = await scenario(name, revision);
    console.log(`=== ${name} ${revision}: ${out.split('\n')[0]}\n${out.startsWith('FAILED') ? out.slice(0, 1500) : ''}`);
  }
}, 3_000_000);
