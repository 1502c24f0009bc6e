import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildProgram } from '../../cli/main.ts';
import { parseSpec } from '../../config/spec.ts';

const pathOf = (file: string): string => fileURLToPath(new URL(`../../examples/agents/${file}`, import.meta.url));
const read = (file: string): string => readFileSync(pathOf(file), 'utf8');

interface Entry {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: { readonly [name: string]: string };
}

/** What each example starts, by its file. */
const STARTS: readonly (readonly [file: string, entry: (text: string) => Entry])[] = [
  ['claude-code/.mcp.json', (text) => (JSON.parse(text) as { mcpServers: { custody: Entry } }).mcpServers.custody],
  [
    'claude-desktop/claude_desktop_config.json',
    (text) => (JSON.parse(text) as { mcpServers: { custody: Entry } }).mcpServers.custody,
  ],
  [
    'openclaw/openclaw.json',
    (text) => (JSON.parse(text) as { mcp: { servers: { custody: Entry } } }).mcp.servers.custody,
  ],
  [
    'mcp-agent/mcp_agent.config.yaml',
    (text) => (parse(text) as { mcp: { servers: { custody: Entry } } }).mcp.servers.custody,
  ],
  ['claude-agent-sdk.mjs', inCode],
  ['ai-sdk.ts', inCode],
];

function inCode(text: string): Entry {
  const [, entry = ''] = /(\{\s*command: '\w+',[^}]*\{[^}]*\})/.exec(text) ?? [];
  return parse(`${entry}}`) as Entry;
}

test.each(STARTS)('G1: what %s starts is a command line that custody takes', (file, entry) => {
  const { command, args, env } = entry(read(file));
  expect(command).toBe('custody');
  // Some clients hand their own environment on, others do not.
  expect(env).toEqual({ TEMPORAL_ADDRESS: 'localhost:7233' });
  const program = buildProgram();
  let taken: object = {};
  program.commands
    .find((each) => each.name() === 'mcp')
    ?.action((...given: unknown[]) => void (taken = (given.at(-1) as { optsWithGlobals(): object }).optsWithGlobals()));
  program.parse(['node', 'custody', ...args]);
  expect(taken).toMatchObject({
    new: expect.stringMatching(/session\.yaml$/) as string,
    id: expect.any(String) as string,
    actor: expect.any(String) as string,
  });
});

test('G1: each example has a session of its own', () => {
  const ids = STARTS.map(([file, entry]) => {
    const { args } = entry(read(file));
    return args[args.indexOf('--id') + 1];
  });
  expect(new Set(ids).size).toBe(STARTS.length);
});

test('G1: what the examples for this Node.js are written in, it can read', () => {
  execFileSync(process.execPath, ['--check', pathOf('claude-agent-sdk.mjs')], { stdio: 'pipe' });
});

/** Tools of Claude Code that act on the world, or have others act, without any session. */
const CLAUDE_ACTS = (
  'Agent Bash CronCreate Edit Glob Grep LSP Monitor NotebookEdit PowerShell Read RemoteTrigger ScheduleWakeup ' +
  'SendMessage Skill WebFetch WebSearch Workflow Write'
).split(' ');

test("G1: the examples leave an agent no tool but the session's, as far as its configuration reaches", () => {
  const { permissions } = JSON.parse(read('claude-code/.claude/settings.json')) as {
    permissions: { allow: string[]; deny: string[] };
  };
  expect(permissions.allow).toEqual(['mcp__custody__*']);
  expect(permissions.deny).toEqual(expect.arrayContaining(CLAUDE_ACTS));
  expect(read('claude-agent-sdk.mjs')).toMatch(/tools: \[\],\s+disallowedTools: \[\.\.\.BUILTIN_TOOL_NAMES\]/);
  expect(JSON.parse(read('openclaw/openclaw.json'))).toMatchObject({
    tools: { allow: ['custody__*'], deny: expect.arrayContaining(['group:fs', 'group:runtime']) as string[] },
  });
});

test('G1: the spec that the examples name is one', () => {
  expect(parseSpec(read('session.yaml'), 'session.yaml')).toMatchObject({ servers: ['files'] });
});
