import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/harness.ts';
import { Desk, type Generation } from './desk.ts';

const ASKING = fileURLToPath(new URL('../servers/asking.mjs', import.meta.url));

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
  await desk.harness.stopWorker();
  await desk.harness.configure({
    servers: { old: asking('2025-11-25'), new: asking('2026-07-28') },
    tools: { 'old.order': { effect: 'irreversible' }, 'new.order': { effect: 'irreversible' } },
  });
  await desk.harness.startWorker();
});
afterAll(() => desk?.close());

const asking = (revision: string) => ({
  command: process.execPath,
  args: [ASKING, '--journal', join(desk.harness.dir, `${revision}.jsonl`), '--revision', revision],
});

const PAIRS: readonly (readonly [client: Generation, server: string])[] = [
  ['2025', 'old'],
  ['2025', 'new'],
  ['2026', 'old'],
  ['2026', 'new'],
];

describe.each(PAIRS)('G3, E8: what a server asks in a call: a client of %s, the server %s', (generation, server) => {
  test("is asked of the client's user, where the client can, and stands on record as the answer", async () => {
    const id = await desk.session(server);
    const { client } = await desk.connect(generation, [id], { capabilities: { elicitation: {} } });
    const asked: string[] = [];
    client.setRequestHandler('elicitation/create', ({ params }) => {
      asked.push(params.message);
      return { action: 'accept', content: { confirm: true } };
    });
    const { content } = await client.callTool({ name: 'order', arguments: {} });
    expect(asked).toEqual(['Order 12 chairs for 340 EUR?']);
    expect(JSON.stringify(content)).toContain('confirm');
    expect(
      (await desk.harness.custody.session(id).describe()).calls.filter(({ tool }) => tool === 'order'),
    ).toMatchObject([{ outcome: 'succeeded' }]);
    const commands: string[] = [];
    for await (const { kind, text } of desk.harness.custody.session(id).watch({ follow: false }))
      if (kind === 'command') commands.push(text);
    expect(commands.filter((text) => text.startsWith('respond'))).toHaveLength(1);
  });

  test('parks the call where the client cannot, until somebody responds', async () => {
    const id = await desk.session(server);
    const { client } = await desk.connect(generation, [id, '--park-after', '1s']);
    const call = client.callTool({ name: 'order', arguments: {}, _meta: { 'io.custody/call-id': 'order-1' } });
    await desk.harness.until(id, ({ openCalls }) => openCalls.some(({ phase }) => phase === 'awaiting_input'));
    await desk.harness.custody.session(id).respond('order-1', { action: 'decline' });
    await call;
    const answer = () => client.callTool({ name: 'custody_wait', arguments: { callId: 'order-1' } });
    await eventually(async () => JSON.stringify(await answer()).includes('decline'), 'the call is answered');
  });
});
