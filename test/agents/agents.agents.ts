import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk } from '../gateway/desk.ts';
import { type Fence, startFence } from './fence.ts';
import { startAgent } from './frameworks/agent.ts';
import { CLAUDE_CODE, claudePackages } from './frameworks/claude.ts';
import { AI_SDK, MCP_AGENT } from './frameworks/others.ts';
import { nodeOf24, npmFolder } from './install.ts';
import { startModel, type Turn } from './model/model.ts';
import { Workplace } from './workplace.ts';

const run = promisify(execFile);

let desk: Desk;
let fence: Fence;
beforeAll(async () => {
  [desk, fence] = await Promise.all([Desk.open(), startFence()]);
});
afterAll(async () => {
  await fence?.close();
  await desk?.close();
});

/** The calls of tools that stand in the history of a session. */
async function recorded(
  sessionId: string,
): Promise<readonly { readonly tool: string; readonly outcome: unknown; readonly actor: string }[]> {
  const { calls } = await desk.harness.custody.session(sessionId).describe();
  return calls
    .filter(({ method }) => method === undefined)
    .map(({ tool, outcome, actor }) => ({ tool, outcome, actor }));
}

test.for([AI_SDK, MCP_AGENT, CLAUDE_CODE])('G1: governed by the command that it starts: $name', async (agent) => {
  const { id: actor } = agent;
  const { taskQueue } = desk.harness.custody;
  const place = await Workplace.open({ within: desk.harness.dir, name: actor, taskQueue, server: 'files', fence });
  const path = join(desk.folder, `${actor}.md`);
  const turns: readonly Turn[] = [
    { tool: 'write_file', args: { path, content: `by ${actor}` } },
    { tool: 'read_text_file', args: { path } },
  ];
  const model = await startModel((results) => turns[results.length]);
  try {
    const { said } = await startAgent(agent, place, model.url);
    expect(await said).toContain('done');
  } finally {
    await model.close();
  }
  expect(await readFile(path, 'utf8')).toBe(`by ${actor}`);
  expect(model.results.at(-1)).toContain(`by ${actor}`);
  expect(await recorded(place.sessionId)).toEqual(
    ['write_file', 'read_text_file'].map((tool) => ({ tool, outcome: 'succeeded', actor })),
  );
  expect([...model.offered].filter((tool) => !agent.offers.test(tool))).toEqual([]);
  expect(fence.asked).toEqual([]);
});

test('G1: the settings for Claude Code deny all tools of its own that the package names', async () => {
  const sdk = join(await claudePackages(), 'node_modules/@anthropic-ai/claude-agent-sdk/sdk.mjs');
  const { BUILTIN_TOOL_NAMES } = (await import(sdk)) as { BUILTIN_TOOL_NAMES: readonly string[] };
  const settings = await readFile(new URL('../../examples/agents/claude-code/.claude/settings.json', import.meta.url));
  expect(JSON.parse(settings.toString())).toMatchObject({ permissions: { deny: BUILTIN_TOOL_NAMES } });
});

describe("G2: the Inspector's command line, against custody mcp", () => {
  let inspect: (...args: string[]) => Promise<{ readonly [key: string]: unknown }>;
  beforeAll(async () => {
    const [node, packages] = await Promise.all([nodeOf24(), npmFolder('@modelcontextprotocol/inspector@2.12.0')]);
    const id = await desk.session('everything');
    const { command, args, env } = desk.command(id);
    const config = join(desk.harness.dir, 'inspector.json');
    await writeFile(config, JSON.stringify({ mcpServers: { custody: { type: 'stdio', command, args, env } } }));
    inspect = async (...rest) => {
      const { stdout } = await run(
        node,
        [
          join(packages, 'node_modules/.bin/mcp-inspector'),
          '--cli',
          '--config',
          config,
          '--server',
          'custody',
          ...rest,
        ],
        { env, timeout: 120_000 },
      );
      return JSON.parse(stdout) as { readonly [key: string]: unknown };
    };
  });

  test('lists and calls tools, and lists resources and prompts', async () => {
    expect(await inspect('--method', 'tools/list')).toMatchObject({
      tools: expect.arrayContaining([
        expect.objectContaining({ name: 'echo' }),
        expect.objectContaining({ name: 'custody_status' }),
      ]) as unknown,
    });
    expect(await inspect('--method', 'tools/call', '--tool-name', 'echo', '--tool-arg', 'message=hello')).toMatchObject(
      { content: [{ type: 'text', text: 'Echo: hello' }] },
    );
    expect(await inspect('--method', 'resources/list')).toMatchObject({
      resources: expect.arrayContaining([expect.objectContaining({ uri: expect.any(String) as string })]) as unknown,
    });
    expect(await inspect('--method', 'prompts/list')).toMatchObject({
      prompts: expect.arrayContaining([expect.objectContaining({ name: 'args-prompt' })]) as unknown,
    });
  });
});
