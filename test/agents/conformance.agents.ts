import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk } from '../gateway/desk.ts';
import { type Bridge, startBridge } from './bridge.ts';
import { nodeOf24, npmFolder } from './install.ts';
import { NOT_RUN, ONLY, PASSES, REVISIONS } from './scenarios.ts';

const SUITE = '@modelcontextprotocol/conformance@0.2.0-alpha.12';
const FIXTURE = fileURLToPath(new URL('../servers/conformance.mjs', import.meta.url));

let desk: Desk;
let bridge: Bridge;
let suite: (...args: string[]) => Promise<{ readonly passed: boolean; readonly said: string }>;
/** Revisions by scenario. */
let scenarios: ReadonlyMap<string, readonly string[]>;

beforeAll(async () => {
  const [node, folder] = await Promise.all([nodeOf24(), npmFolder(SUITE)]);
  const script = join(folder, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
  suite = (...args) =>
    new Promise((resolve) => {
      execFile(node, [script, ...args], { maxBuffer: 1e8 }, (error, stdout, stderr) =>
        resolve({ passed: error === null, said: `${stdout}${stderr}` }),
      );
    });
  const { said } = await suite('list');
  const ofServers = said.slice(said.indexOf('Server scenarios'), said.indexOf('Client scenarios'));
  scenarios = new Map(
    [...ofServers.matchAll(/^ {2}- (\S+) \[([^\]]*)\]$/gm)].map(([, name = '', revisions = '']) => [
      name,
      revisions.split(','),
    ]),
  );
  desk = await Desk.open({
    servers: { conformance: { command: process.execPath, args: [FIXTURE] } },
    // Each scenario is a connection of its own, and several make the same call.
    profile: { session: { askRepeats: 'off' } },
  });
  const { command, args, env } = desk.command(await desk.session('conformance'));
  bridge = await startBridge(command, args, env);
});
afterAll(async () => {
  await bridge?.close();
  await desk?.close();
});

test('G2: each scenario of the suite for servers is one that passes, or is left out for a reason', () => {
  const ours = [...scenarios]
    .filter(([, revisions]) => revisions.some((revision) => (REVISIONS as readonly string[]).includes(revision)))
    .map(([name]) => name);
  expect([...PASSES, ...Object.values(NOT_RUN).flat()].sort()).toEqual(ours.sort());
  for (const name of PASSES)
    expect(REVISIONS.filter((revision) => scenarios.get(name)?.includes(revision))).toEqual(
      ONLY[name] ? [ONLY[name]] : REVISIONS,
    );
});

describe.each(REVISIONS)(
  "G2: against custody mcp, with the fixture's server behind it, under revision %s",
  (revision) => {
    test.each(PASSES.filter((name) => (ONLY[name] ?? revision) === revision))('%s passes', async (name) => {
      const { passed, said } = await suite(
        'server',
        '--url',
        bridge.url,
        '--scenario',
        name,
        '--spec-version',
        revision,
      );
      expect(passed, said).toBe(true);
      expect(said).toMatch(/Passed: (\d+)\/\1, 0 failed/);
    });
  },
);
