import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildProgram } from '../../cli/main.ts';
import { parseSpec } from '../../config/spec.ts';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../examples/agents/${path}`, import.meta.url)), 'utf8');

interface Entry {
  readonly command: string;
  readonly args: readonly string[];
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
  ['claude-agent-sdk.ts', inCode],
  ['ai-sdk.ts', inCode],
];

function inCode(text: string): Entry {
  const [, command = '', args = ''] = /\{\s*command: '(\w+)',\s*args: \[([^\]]*)\],?\s*\}/.exec(text) ?? [];
  return { command, args: [...args.matchAll(/'([^']*)'/g)].map(([, word = '']) => word) };
}

test.each(STARTS)('G1: what %s starts is a command line that custody takes', (file, entry) => {
  const { command, args } = entry(read(file));
  expect(command).toBe('custody');
  const program = buildProgram();
  let taken: object = {};
  program.commands
    .find((each) => each.name() === 'mcp')
    ?.action((...given: unknown[]) => void (taken = (given.at(-1) as { optsWithGlobals(): object }).optsWithGlobals()));
  program.parse(['node', 'custody', ...args]);
  expect(taken).toMatchObject({
    new: expect.stringMatching(/session\.yaml$/) as string,
    id: 'desk-1',
    actor: expect.any(String) as string,
  });
});

test('G1: the spec that the examples name is one', () => {
  expect(parseSpec(read('session.yaml'), 'session.yaml')).toMatchObject({ servers: ['files'] });
});
