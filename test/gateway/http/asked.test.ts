import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bearer, House, type ServeProcess } from './house.ts';
import { eventsOf, legacyRaw } from './legacyRaw.ts';
import { askAt, BASE } from './raw.ts';

const ASKING = fileURLToPath(new URL('../../servers/asking.mjs', import.meta.url));

let house: House;
let one: ServeProcess;
let other: ServeProcess;
beforeAll(async () => {
  house = await House.open();
  await house.harness.stopWorker();
  await house.harness.configure({
    servers: { old: asking('2025-11-25'), new: asking('2026-07-28') },
    tools: { 'old.order': { effect: 'irreversible' }, 'new.order': { effect: 'irreversible' } },
  });
  await house.harness.startWorker();
  [one, other] = await Promise.all([house.serve(), house.serve()]);
});
afterAll(() => house?.close());

const asking = (revision: string) => ({
  command: process.execPath,
  args: [ASKING, '--journal', join(house.harness.dir, `${revision}.jsonl`), '--revision', revision],
  mayAsk: ['form', 'sampling', 'roots'],
});

async function sessionOn(...servers: string[]): Promise<{ readonly id: string; readonly token: string }> {
  const { id } = await house.harness.custody.start(house.harness.spec({ servers }));
  await house.harness.until(id, ({ state }) => state === 'RUNNING');
  return { id, token: (await house.token({ session: id })).token };
}

const ACCEPTED = { action: 'accept', content: { confirm: true } };
const order = (id: number, callId: string) => ({
  id,
  method: 'tools/call',
  params: { name: 'order', arguments: {}, _meta: { 'io.custody/call-id': callId } },
});

describe.each([
  ['2025', 'old'],
  ['2025', 'new'],
  ['2026', 'old'],
  ['2026', 'new'],
] as const)('G3, E8: over HTTP, a client of %s, the server %s', (generation, server) => {
  test('a form, words of the model and roots are asked of the client that says it has them', async () => {
    const { id, token } = await sessionOn(server);
    const capabilities = { elicitation: {}, sampling: {}, roots: {} };
    const client = await house.connect(`${one.url}/mcp`, token, generation, { capabilities });
    client.setRequestHandler('elicitation/create', () => ACCEPTED as never);
    client.setRequestHandler('sampling/createMessage', ({ params }) => ({
      role: 'assistant',
      model: 'm',
      content: { type: 'text', text: `thought of ${JSON.stringify(params.messages)}` },
    }));
    client.setRequestHandler('roots/list', () => ({ roots: [{ uri: 'file:///work', name: 'Work' }] }));
    const said = async (name: string) => JSON.stringify((await client.callTool({ name, arguments: {} })).content);
    expect(await said('order')).toContain('confirm');
    expect(await said('think')).toContain('thought of');
    expect(await said('where')).toContain('file:///work');
    const commands: string[] = [];
    for await (const { kind, text } of house.harness.custody.session(id).watch({ follow: false }))
      if (kind === 'command') commands.push(text);
    expect(commands.filter((text) => text.startsWith('respond'))).toHaveLength(3);
  });
});

test('G1, G3: what a client answers counts by whichever process it comes', async () => {
  const { token } = await sessionOn('new');
  const client = await legacyRaw(one.url, token);
  const stream = eventsOf(await client.post(order(1, 'order-1')));
  const { value: asked } = await stream.next();
  expect(asked).toMatchObject({ method: 'elicitation/create', params: { message: 'Order 12 chairs for 340 EUR?' } });
  const answered = await client.post({ id: asked?.id, result: ACCEPTED }, other.url);
  expect(answered.status).toBe(202);
  const { value: answer } = await stream.next();
  expect(JSON.stringify(answer)).toContain('confirm');
});

test('G1, G3: a gateway killed while its client is asked loses nothing: the next one asks again, once', async () => {
  const { id, token } = await sessionOn('new');
  const dying = await house.serve();
  const client = await legacyRaw(dying.url, token);
  // It gives no id, so the gateway knows the call by the client.
  const lost = await client.post({ id: 1, method: 'tools/call', params: { name: 'order', arguments: {} } });
  const { value: asked } = await eventsOf(lost).next();
  await dying.kill();
  const again = eventsOf(await client.send('GET', other.url));
  const { value: repeated } = await again.next();
  expect(repeated).toMatchObject({ method: asked?.method, params: asked?.params });
  await client.post({ id: repeated?.id, result: ACCEPTED }, other.url);
  const [call] = (await house.harness.custody.session(id).recentCalls()).calls;
  const answer = await house.harness.custody.session(id).answer(call?.callId ?? '');
  expect(answer.outcome).toBe('succeeded');
  // An answer that comes twice, as of somebody who was asked twice, is no answer to anything else.
  expect((await client.post({ id: asked?.id, result: ACCEPTED }, other.url)).status).toBe(202);
  await again.return(undefined);
});

test('G3: of several questions a client answers those that it takes, and people the others', async () => {
  const { id, token } = await sessionOn('new');
  const client = await house.connect(`${one.url}/mcp`, token, '2026', {
    capabilities: { elicitation: {} },
    inputRequired: { autoFulfill: false },
  });
  const survey = { name: 'survey', arguments: {}, _meta: { 'io.custody/call-id': 'survey-1' } };
  const options = { allowInputRequired: true } as const;
  const first = await client.callTool(survey, options);
  expect(Object.keys((first as { inputRequests?: object }).inputRequests ?? {})).toEqual(['order', 'who']);
  const { requestState } = first as { requestState?: string };
  const next = await client.callTool(
    { ...survey, requestState, inputResponses: { order: ACCEPTED, other: ACCEPTED } } as never,
    options,
  );
  expect(Object.keys((next as { inputRequests?: object }).inputRequests ?? {})).toEqual(['who']);
  await house.harness.custody.session(id).respond('survey-1', { name: 'Ann' });
  expect((await house.harness.custody.session(id).answer('survey-1')).outcome).toBe('succeeded');
});

describe('G4: the id of a session of MCP', () => {
  test('is one for its principal in its session, as it was given, until its client ends it', async () => {
    const { id, token } = await sessionOn('new');
    const elsewhere = await sessionOn('new');
    const mate = await house.token({ session: id, subject: 'mate' });
    const client = await legacyRaw(one.url, token);
    const list = { id: 1, method: 'tools/list' };
    expect((await client.post(list, other.url)).status).toBe(200);
    const renewed = await house.token({ session: id });
    const asked = (as: string, sent: string) =>
      fetch(`${one.url}/mcp`, {
        method: 'POST',
        headers: { ...BASE, ...bearer(as), 'mcp-protocol-version': '2025-11-25', 'mcp-session-id': sent },
        body: JSON.stringify({ jsonrpc: '2.0', ...list }),
      });
    // Another key of the same principal.
    expect((await asked(renewed.token, client.id)).status).toBe(200);
    const [header, , nonce, text, tag] = client.id.split('.') as [string, string, string, string, string];
    const flipped = `${text[0] === 'A' ? 'B' : 'A'}${text.slice(1)}`;
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    const hostile: readonly (readonly [as: string, id: string])[] = [
      [mate.token, client.id],
      [elsewhere.token, client.id],
      [token, [header, '', nonce, flipped, tag].join('.')],
      [token, [header, '', nonce, text, `${tag}A`].join('.')],
      [token, `${none}.${Buffer.from('{"owner":"a"}').toString('base64url')}.`],
      [token, 'x'],
      [token, 'a'.repeat(10_000)],
    ];
    for (const [as, sent] of hostile) {
      const response = await asked(as, sent);
      expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('MCP_SESSION_UNKNOWN')]);
    }
    expect((await client.send('GET', one.url, 'x')).status).toBe(404);
    expect((await client.send('DELETE')).status).toBe(204);
    expect((await client.post(list)).status).toBe(404);
    expect((await client.send('GET')).status).toBe(404);
  });

  test('is nothing to a client of revision 2026-07-28, and is not needed by one that has none', async () => {
    const { token } = await sessionOn('new');
    const modern = await askAt(one.url, token, { headers: { 'mcp-session-id': 'x' } });
    expect([modern.status, modern.headers.get('mcp-session-id')]).toEqual([200, null]);
    const list = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const headers = { ...BASE, ...bearer(token), 'mcp-protocol-version': '2025-11-25' };
    expect((await fetch(`${one.url}/mcp`, { method: 'POST', headers, body: list })).status).toBe(200);
  });

  test('answers to what was not asked, or of somebody else, change nothing', async () => {
    const { id, token } = await sessionOn('new');
    const mate = await house.token({ session: id, subject: 'mate' });
    const client = await legacyRaw(one.url, token);
    const thief = await legacyRaw(one.url, mate.token);
    const stream = eventsOf(await client.post(order(1, 'order-1')));
    const { value: asked } = await stream.next();
    for (const [by, sent] of [
      [client, 'made up'],
      [client, client.id],
      [client, 7],
      [thief, asked?.id],
    ] as const)
      expect((await by.post({ id: sent, result: ACCEPTED })).status).toBe(202);
    const wrong = await client.post({ id: asked?.id, result: { action: 'accept', content: { confirm: 'perhaps' } } });
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('RESPONSE_INVALID')]);
    const view = await house.harness.custody.session(id).describe();
    expect(view.openCalls).toMatchObject([{ callId: 'order-1', phase: 'awaiting_input' }]);
    await client.post({ id: asked?.id, error: { code: -1, message: 'no' } });
    expect(JSON.stringify((await stream.next()).value)).toContain('cancel');
  });
});

test('G4: the state of a request is good for that request, of that principal, as it was given', async () => {
  const { id, token } = await sessionOn('new');
  const mate = await house.token({ session: id, subject: 'mate' });
  const capabilities = { elicitation: {} };
  const call = (as: string, params: object, at = one.url) =>
    askAt(at, as, { method: 'tools/call', params, capabilities, headers: { 'mcp-name': 'order' } });
  const asked = async (response: Response) =>
    (await response.json()) as { result?: { requestState?: string; resultType?: string }; error?: { code: number } };
  const given = { name: 'order', arguments: { for: 'Ann' }, _meta: { 'io.custody/call-id': 'order-1' } };
  const { result } = await asked(await call(token, given));
  const requestState = result?.requestState ?? '';
  expect(result?.resultType).toBe('input_required');
  const answer = { ...given, inputResponses: { order: ACCEPTED } };
  for (const [as, params] of [
    [token, { ...answer, requestState: `${requestState}A` }],
    [token, { ...answer, requestState: requestState.replace(/\.[^.]*$/, '.AAAAAAAAAAAAAAAAAAAAAA') }],
    [token, { ...answer, arguments: { for: 'Bob' }, requestState }],
    [mate.token, { ...answer, requestState }],
  ] as const)
    expect((await asked(await call(as, params))).error?.code).toBe(-32602);
  const done = await call(token, { ...answer, requestState }, other.url);
  expect(await done.text()).toContain('confirm');
});

test('G3: what a client of 2026-07-28 does not declare it is not asked: -32021 says what it would take', async () => {
  const { token } = await sessionOn('new');
  const response = await askAt(one.url, token, {
    method: 'tools/call',
    params: { name: 'think', arguments: {} },
    headers: { 'mcp-name': 'think' },
  });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: -32021, data: { requiredCapabilities: { sampling: {} } } } },
  ]);
});
