import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Check } from '../../../cli/doctor/check.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { custody, type Folder, operatorFolder } from '../harness.ts';

const serverFile = (name: string): string => fileURLToPath(new URL(`../../servers/${name}`, import.meta.url));
const TOOLS = [
  { name: 'poke', inputSchema: { type: 'object' } },
  { name: 'bad\u001b[31m', inputSchema: true },
];
const TOKEN = 'a-token-of-ours';
const node = (...args: string[]) => ({ command: process.execPath, args });

let folder: Folder;
let config: string;
beforeAll(async () => {
  folder = await operatorFolder();
  await folder.write('token', TOKEN);
  const journal = node(serverFile('journal.mjs'), '--journal', `${folder.path}/j.jsonl`);
  config = await folder.write('servers.yaml', {
    servers: {
      journal,
      trusted: { ...journal, trustAnnotations: true },
      odd: node(serverFile('raw.mjs'), '--results', JSON.stringify({ 'tools/list': JSON.stringify({ tools: TOOLS }) })),
      astray: { ...journal, cwd: './nowhere' },
      absent: { command: 'no-such-program' },
      loud: { ...node('-e', 'throw process.env.TOKEN'), env: { TOKEN: { fromFile: 'token' } } },
      secretless: { url: 'http://127.0.0.1:1/mcp', headers: { Authorization: { fromEnv: 'CUSTODY_TEST_UNSET' } } },
    },
    tools: {
      'journal.*': { effect: 'idempotent' },
      'journal.append': { timeout: '3s', undo: { call: { tool: 'upsret', args: {} } } },
      'odd.pok': { effect: 'read-only' },
    },
    profiles: { standard: {} },
  });
});
afterAll(() => folder?.remove());

/** What doctor and tools have to say of the servers that cannot be opened. */
const CLOSED = {
  astray: 'cannot be started in FOLDER/nowhere: there is no such folder',
  absent: "'no-such-program' of MCP server 'absent' cannot be started in FOLDER: there is no such program",
  loud: '[secret left out]',
  secretless: 'CUSTODY_TEST_UNSET',
};
const closed = Object.entries(CLOSED);

describe('U2: custody tools', () => {
  test('E3: names the effect of each tool, who says so, what undoes it, and the rules that fit nothing', async () => {
    const { code, stdout, stderr } = await custody(['tools', 'journal', 'trusted', '--config', config, '--json']);
    expect(code, stderr).toBe(0);
    const [ruled, trusted] = JSON.parse(stdout) as { tools: { name: string }[] }[];
    const rule = { effect: 'idempotent', by: 'rule', rule: 'journal.*', timeout: 60_000, undo: null };
    const undo = { call: { tool: 'upsret', args: {} } };
    const byName = ({ tools }: { tools: { name: string }[] } = { tools: [] }) =>
      Object.fromEntries(tools.map((tool) => [tool.name, tool]));
    expect(byName(ruled)).toMatchObject({
      append: { effect: 'compensable', by: 'rule', rule: 'journal.append', claimed: null, timeout: 3000, undo },
      lookup: { ...rule, claimed: 'read-only' },
    });
    expect(byName(trusted)).toMatchObject({
      append: { effect: 'irreversible', by: 'default', rule: null, claimed: null },
      lookup: { effect: 'read-only', by: 'annotation', rule: null },
      upsert: { effect: 'idempotent', by: 'annotation' },
    });
    expect(ruled).toMatchObject({
      misfits: ['The rule journal.append undoes by upsret, which the server does not list.'],
    });
  });

  test('L2: names what is left out and why, in characters that a terminal may get', async () => {
    const { code, stdout } = await custody(['tools', 'odd', '--config', config]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^odd: MCP 2025-11-25, 1 tool\n/);
    expect(stdout).toMatch(/^ {2}poke +irreversible +nobody: the worst +1m +nothing$/m);
    expect(stdout).toMatch(/^ {2}warn {2}left out: bad.*: it has no schema of its arguments$/m);
    expect(stdout).toMatch(/^ {2}warn {2}The rule odd\.pok fits no tool that the server lists\.$/m);
    expect(stdout).not.toContain('\u001b[31m');
  });

  test('E1: a server that cannot be opened is named with why, never with secrets; the others are listed', async () => {
    const { code, stdout } = await custody(['tools', '--config', config]);
    expect(code).toBe(1);
    for (const [name, why] of closed)
      expect(stdout.split('\n').find((line) => line.startsWith(`${name}: `))).toContain(
        why.replace('FOLDER', folder.path),
      );
    expect(stdout).toContain('odd: MCP');
    expect(stdout).not.toContain(TOKEN);
  });

  test('U4: a server that custody.yaml does not have is refused with those that it has', async () => {
    expect(await custody(['tools', 'jurnal', '--config', config])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^UNKNOWN_SERVER: .*"jurnal"; it has journal, .*did you mean "journal"\?/),
    });
  });
});

test('U4: custody doctor opens the servers: one that does not open fails, what is left out is warned of', async () => {
  const { code, stdout } = await custody(['doctor', '--address', temporalAddress(), '--config', config, '--json']);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  const of = (name: string) => checks.filter((check) => check.name === name);
  expect(code).toBe(1);
  expect(of('configuration').map(({ status, detail }) => [status, detail])).toEqual([
    ['ok', expect.stringContaining('7 servers, profiles standard')],
  ]);
  expect(of('server trusted')).toMatchObject([{ status: 'ok', detail: expect.stringMatching(/^MCP .*, \d+ tools$/) }]);
  expect(of('server odd')).toMatchObject([
    { status: 'warn', detail: expect.stringMatching(/Left out is bad.*: it has no schema.*; The rule odd\.pok fits/) },
  ]);
  for (const [name, why] of closed)
    expect(of(`server ${name}`)).toMatchObject([
      { status: 'fail', detail: expect.stringContaining(why.replace('FOLDER', folder.path)) },
    ]);
  expect(stdout).not.toContain(TOKEN);
});
