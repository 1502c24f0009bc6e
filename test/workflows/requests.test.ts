import { createRequire } from 'node:module';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, Harness } from '../support/harness.ts';

const EVERYTHING = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');

let harness: Harness;
let id: string;
beforeAll(async () => {
  harness = await Harness.start({
    servers: { everything: { command: process.execPath, args: [EVERYTHING, 'stdio'] } },
  });
  id = (await harness.custody.start(harness.spec({ servers: ['everything', 'journal'] }))).id;
  await harness.until(id, ({ state }) => state === 'RUNNING');
});
afterAll(() => harness?.stop());

const raw = async (
  method: Parameters<ReturnType<Harness['custody']['session']>['request']>[1],
  params = {},
): Promise<unknown> => {
  const { outcome, result } = await harness.custody.session(id).request('everything', method, params);
  expect(outcome).toBe('succeeded');
  return result && 'raw' in result ? result.raw : undefined;
};

test('E8: lists and reads of a real server come back as the server gave them', async () => {
  expect(await raw('tools/list')).toMatchObject({
    tools: expect.arrayContaining([
      expect.objectContaining({ name: 'echo', inputSchema: expect.objectContaining({ type: 'object' }) as unknown }),
    ]) as unknown,
  });
  expect(await raw('resources/templates/list')).toMatchObject({ resourceTemplates: expect.any(Array) as unknown });
  const { resources } = (await raw('resources/list')) as { resources: { uri: string }[] };
  expect(await raw('resources/read', { uri: resources[0]?.uri })).toMatchObject({
    contents: [{ uri: resources[0]?.uri }],
  });
  expect(await raw('prompts/list')).toMatchObject({
    prompts: expect.arrayContaining([expect.objectContaining({ name: 'args-prompt' })]) as unknown,
  });
  expect(await raw('prompts/get', { name: 'args-prompt', arguments: { city: 'Graz' } })).toMatchObject({
    messages: [{ content: { text: expect.stringContaining('Graz') as string } }],
  });
});

test('E8, E2: they are recorded like calls, and named for what they read', async () => {
  await harness.custody
    .session(id)
    .request('everything', 'resources/read', { uri: 'demo://resource/dynamic/text/1' }, { callId: 'read-1' });
  const { calls } = await harness.custody.session(id).describe();
  expect(calls.find(({ callId }) => callId === 'read-1')).toMatchObject({
    callId: 'read-1',
    server: 'everything',
    tool: 'demo://resource/dynamic/text/1',
    method: 'resources/read',
    outcome: 'succeeded',
    attempts: 1,
    actor: 'tester',
  });
  const texts: string[] = [];
  for await (const { callId, text } of harness.custody.session(id).watch({ follow: false }))
    if (callId === 'read-1') texts.push(text);
  expect(texts).toEqual([
    'everything resources/read demo://resource/dynamic/text/1 {"uri":"demo://resource/dynamic/text/1"} (read-only)',
    expect.stringMatching(
      /^everything resources\/read demo:\/\/resource\/dynamic\/text\/1: succeeded: \{"contents":/,
    ) as string,
  ]);
});

test('E8, E4: a repeated call id is answered from the record, and is not free for another request', async () => {
  const read = (uri: string) =>
    harness.custody.session(id).request('everything', 'resources/read', { uri }, { callId: 'read-2' });
  const first = await read('demo://resource/dynamic/text/2');
  expect(await read('demo://resource/dynamic/text/2')).toEqual(first);
  await expect(read('demo://resource/dynamic/text/3')).rejects.toMatchObject({ code: 'CALL_ID_REUSED' });
});

test("E8: a server's refusal is an outcome, and a server that the session does not have is refused", async () => {
  expect(
    await harness.custody.session(id).request('everything', 'resources/read', { uri: 'demo://nowhere' }),
  ).toMatchObject({
    outcome: 'failed',
    attempts: 1,
    error: { code: 'SERVER_REFUSED', rpc: { code: -32602, message: expect.stringContaining('nowhere') as string } },
  });
  await expect(harness.custody.session(id).request('nobody', 'tools/list')).rejects.toMatchObject({
    code: 'UNKNOWN_SERVER',
  });
});

test('E8, L4: a read of a paused session waits and is answered after it resumes', async () => {
  const { id: paused } = await harness.custody.start(harness.spec({ servers: ['everything'] }));
  await harness.until(paused, ({ state }) => state === 'RUNNING');
  await harness.custody.session(paused).pause();
  const answer = harness.custody.session(paused).request('everything', 'tools/list', {}, { callId: 'list' });
  await eventually(
    async () =>
      (await harness.custody.session(paused).describe()).openCalls.some(
        ({ callId, phase }) => callId === 'list' && phase === 'queued',
      ),
    'the request waits',
  );
  await harness.custody.session(paused).resume();
  expect(await answer).toMatchObject({ outcome: 'succeeded', attempts: 1 });
});

test('L2: the pins of a session name its servers and their tools with hash and effect', async () => {
  expect(await harness.custody.session(id).pins()).toMatchObject({
    journal: { tools: { append: { effect: 'irreversible', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string } } },
    everything: { tools: { echo: {} } },
  });
});
