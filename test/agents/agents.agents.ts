import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk } from '../gateway/desk.ts';
import { nodeOf24, npmFolder, pythonWith } from './install.ts';
import { startModel } from './model.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/agents', import.meta.url));
const run = promisify(execFile);

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

/**
 * A folder with a spec, where the `custody` on the PATH plays on this desk; each agent's session has an id of its own
 * there.
 */
async function workplace(
  name: string,
): Promise<{ readonly folder: string; readonly env: NodeJS.ProcessEnv; readonly sessionId: string }> {
  const folder = join(desk.harness.dir, name);
  await mkdir(join(folder, 'bin'), { recursive: true });
  await cp(join(EXAMPLES, 'session.yaml'), join(folder, 'session.yaml'));
  const sessionId = `${name}-${process.pid}`;
  const { command, args, env } = desk.command();
  const words = args.filter((word) => word !== 'mcp').map((word) => `'${word}'`);
  // The example says `custody mcp --new session.yaml --id desk-1 …`; what it does not say is where this Temporal is.
  await writeFile(
    join(folder, 'bin/custody'),
    [
      '#!/bin/sh',
      `export CUSTODY_STORE='${env.CUSTODY_STORE ?? ''}'`,
      `cd '${folder}'`,
      `exec '${command}' ${words.join(' ')} "$@" --id '${sessionId}'`,
      '',
    ].join('\n'),
  );
  await chmod(join(folder, 'bin/custody'), 0o755);
  return { folder, env: { ...env, PATH: `${join(folder, 'bin')}${delimiter}${env.PATH ?? ''}` }, sessionId };
}

/** The calls of tools that stand in the history of a session. */
async function recorded(
  sessionId: string,
): Promise<readonly { readonly tool: string; readonly outcome: unknown; readonly actor: string }[]> {
  const { calls } = await desk.harness.custody.session(sessionId).describe();
  return calls
    .filter(({ method }) => method === undefined)
    .map(({ tool, outcome, actor }) => ({ tool, outcome, actor }));
}

describe('G1: an agent becomes governed by the command that it starts', () => {
  test('the AI SDK', async () => {
    const { folder, env, sessionId } = await workplace('ai-sdk');
    const [node, packages] = await Promise.all([
      nodeOf24(),
      npmFolder('ai@7.0.173', '@ai-sdk/mcp@2.0.99', '@ai-sdk/openai-compatible@3.0.92'),
    ]);
    const path = join(desk.folder, 'ai-sdk.md');
    const model = await startModel([
      { tool: 'write_file', args: { path, content: 'by the AI SDK' } },
      { tool: 'read_text_file', args: { path } },
    ]);
    try {
      await cp(join(EXAMPLES, 'ai-sdk.ts'), join(packages, 'ai-sdk.ts'));
      const { stdout } = await run(node, [join(packages, 'ai-sdk.ts')], {
        cwd: folder,
        env: { ...env, MODEL_URL: model.url },
        timeout: 120_000,
      });
      expect(stdout.trim()).toBe('done');
    } finally {
      await model.close();
    }
    expect(await readFile(path, 'utf8')).toBe('by the AI SDK');
    expect(JSON.stringify(model.results.at(-1))).toContain('by the AI SDK');
    expect(await recorded(sessionId)).toEqual(
      ['write_file', 'read_text_file'].map((tool) => ({ tool, outcome: 'succeeded', actor: 'ai-sdk' })),
    );
  });

  test('mcp-agent', async () => {
    const { folder, env, sessionId } = await workplace('mcp-agent');
    const requirements = (await readFile(join(EXAMPLES, 'mcp-agent/requirements.txt'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const python = await pythonWith(...requirements);
    const path = join(desk.folder, 'mcp-agent.md');
    const model = await startModel([
      { tool: 'write_file', args: { path, content: 'by mcp-agent' } },
      { tool: 'read_text_file', args: { path } },
    ]);
    try {
      await cp(join(EXAMPLES, 'mcp-agent'), folder, { recursive: true });
      const { stdout } = await run(python, ['main.py'], {
        cwd: folder,
        env: { ...env, OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'none' },
        timeout: 120_000,
      });
      expect(stdout).toContain('done');
    } finally {
      await model.close();
    }
    expect(await readFile(path, 'utf8')).toBe('by mcp-agent');
    expect(JSON.stringify(model.results.at(-1))).toContain('by mcp-agent');
    expect(await recorded(sessionId)).toEqual(
      ['write_file', 'read_text_file'].map((tool) => ({ tool, outcome: 'succeeded', actor: 'mcp-agent' })),
    );
  });
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
