import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { custody, inBackground, type Background, type Folder, operatorFolder } from '../cli/harness.ts';
import { FILE_RULES, FILES_SERVER } from '../support/filesScene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { Consumer } from './project.ts';

const NAMESPACE = 'consumer';
const WHERE = ['--address', temporalAddress(), '--namespace', NAMESPACE];

let consumer: Consumer;
let folder: Folder;
let worker: Background;
beforeAll(async () => {
  [consumer, folder] = await Promise.all([Consumer.make(), operatorFolder()]);
  await mkdir(join(folder.path, 'files'));
  const config = await folder.write('custody.yaml', {
    servers: { files: FILES_SERVER },
    tools: FILE_RULES,
    profiles: { standard: {} },
  });
  expect(await custody(['setup', ...WHERE])).toMatchObject({ code: 0 });
  worker = await inBackground(['worker', '--config', config, ...WHERE], { env: { CUSTODY_STATE_DIR: folder.state } });
});
afterAll(async () => {
  await worker?.stop();
  await Promise.all([consumer?.remove(), folder?.remove()]);
});

describe('U1: a project that installs the package, without the native worker', () => {
  test('compiles the program of the README as it is printed, with skipLibCheck: false, and runs it', async () => {
    const program = /```ts\n([\s\S]*?)```/.exec(await readFile('README.md', 'utf8'))?.[1] ?? '';
    await consumer.write('main.ts', program);
    expect(await consumer.compile()).toBe('');
    const env = { TEMPORAL_ADDRESS: temporalAddress(), TEMPORAL_NAMESPACE: NAMESPACE };
    const printed = await consumer.run('dist/main.js', env);
    expect(printed).toMatch(/^succeeded \{\n? +content: /);
    for (const kind of ['started', 'attempt', 'outcome', 'ended']) expect(printed).toMatch(new RegExp(` ${kind} `));
    expect(await readFile(join(folder.path, 'files', 'a.md'), 'utf8')).toBe('hello');
  });

  test('has results as MCP types them, and a mistake in their use is an error of types', async () => {
    await consumer.write(
      'typed.ts',
      [
        "import { type Answer, mcpResult, type SessionHandle } from 'custody';",
        'export const first = (answer: Answer): string | undefined => {',
        '  const [block] = mcpResult(answer)?.content ?? [];',
        "  return block?.type === 'text' ? block.text : undefined;",
        '};',
        'export const read = async (session: SessionHandle): Promise<readonly string[]> => {',
        "  const answer = await session.request('files', 'resources/read', { uri: 'file:///a.md' });",
        "  return mcpResult(answer, 'resources/read')?.contents.map(({ uri }) => uri) ?? [];",
        '};',
      ].join('\n'),
    );
    expect(await consumer.compile()).toBe('');
    await consumer.write(
      'wrong.ts',
      "import type { Answer } from 'custody';\nexport const a: Answer = { callId: 1 };\n",
    );
    expect(await consumer.compile()).toMatch(/^wrong\.ts\(2,\d+\): error/);
  });
});
