import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';
import { Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

const META = 'io.custody/call-id';

describe('G1, E4: the id of a call', () => {
  test("is the client's, ours or Claude's: a repeat gets the first answer and has one effect", async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id]);
    for (const [name, meta] of [
      ['ours', { [META]: 'mine-1' }],
      ['claude', { 'claudecode/toolUseId': 'toolu_01' }],
    ] as const) {
      const call = () => client.callTool({ name: 'append', arguments: { text: name }, _meta: meta });
      const first = await call();
      expect(await call()).toEqual(first);
      expect(desk.harness.phasesOf(name)).toBe('begin end');
    }
    expect(
      (await desk.harness.custody.session(id).describe()).calls
        .filter(({ tool }) => tool === 'append')
        .map(({ callId }) => callId),
    ).toEqual(['mine-1', 'toolu_01']);
    expect(
      await client.callTool({ name: 'append', arguments: { text: 'other' }, _meta: { [META]: 'mine-1' } }),
    ).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('CALL_ID_REUSED') as string }],
      _meta: { 'io.custody/code': 'CALL_ID_REUSED' },
    });
    await expect(
      client.callTool({ name: 'append', arguments: { text: 'other' }, _meta: { [META]: 'no id' } }),
    ).rejects.toMatchObject({ code: -32602 });
    expect(desk.harness.phasesOf('other')).toBe('');
  });
});

test('A2: a call with an integer that nobody can send as it was given is not made', async () => {
  const { client } = await desk.connect('2026', [await desk.session('journal')]);
  expect(
    await client.callTool({ name: 'append', arguments: { text: 'order', more: { id: 12345678901234567000 } } }),
  ).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/^MALFORMED_COMMAND: .*2\^53/) as string }],
  });
  expect(desk.harness.phasesOf('order')).toBe('');
});

test(
  'G1, L6: a client that is killed in mid-call loses nothing: the session keeps the call, and another client ' +
    'gets its answer by the id',
  async () => {
    const args = ['--new', await desk.specFile('journal'), '--id', `desk-${process.pid}`];
    const first = await desk.connect('2025', args);
    await first.client.listTools();
    const lost = first.client
      .callTool({ name: 'append', arguments: { text: 'kept', delayMs: 1500 }, _meta: { [META]: 'kept-1' } })
      .catch((error: unknown) => error);
    await until('the call under way', () => desk.harness.phasesOf('kept') === 'begin');
    process.kill(first.pid, 'SIGKILL');
    expect(await lost).toBeInstanceOf(Error);
    const second = await desk.connect('2026', args);
    await until('the remark that the session is there', () =>
      second.stderr().includes(`session desk-${process.pid}, RUNNING`),
    );
    const answer = { content: [{ type: 'text', text: 'appended kept' }] };
    expect(await second.client.callTool({ name: 'custody_wait', arguments: { callId: 'kept-1' } })).toMatchObject(
      answer,
    );
    expect(
      await second.client.callTool({
        name: 'append',
        arguments: { text: 'kept', delayMs: 1500 },
        _meta: { [META]: 'kept-1' },
      }),
    ).toMatchObject(answer);
    expect(desk.harness.phasesOf('kept')).toBe('begin end');
  },
);

describe('G1, G3: a call of a session that is paused', () => {
  test('is parked in words where the client takes no progress, and custody_wait brings its answer', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id, '--park-after', '1s']);
    await client.listTools();
    await desk.harness.custody.session(id).pause({ reason: 'lunch' });
    const parked = await client.callTool({
      name: 'append',
      arguments: { text: 'after lunch' },
      _meta: { [META]: 'lunch-1' },
    });
    expect(parked).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^CALL_PARKED: .*PAUSED: lunch[^]*custody_wait/) as string }],
      _meta: { [META]: 'lunch-1', 'io.custody/code': 'CALL_PARKED' },
    });
    expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
      structuredContent: { state: 'PAUSED', cause: 'operator', openCalls: [{ callId: 'lunch-1', phase: 'queued' }] },
    });
    expect(await client.callTool({ name: 'custody_wait', arguments: { callId: 'lunch-1' } })).toMatchObject({
      isError: true,
      _meta: { 'io.custody/code': 'CALL_PARKED' },
    });
    await desk.harness.custody.session(id).resume();
    await until('the call made', () => desk.harness.phasesOf('after lunch') === 'begin end');
    expect(await client.callTool({ name: 'custody_wait', arguments: { callId: 'lunch-1' } })).toMatchObject({
      content: [{ text: 'appended after lunch' }],
    });
    expect(desk.harness.phasesOf('after lunch')).toBe('begin end');
  });

  test('is waited for with progress where the client takes it', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id]);
    await client.listTools();
    await desk.harness.custody.session(id).pause({ reason: 'tea' });
    const heard: string[] = [];
    const answer = client.callTool(
      { name: 'append', arguments: { text: 'after tea' } },
      { onprogress: ({ message }) => heard.push(message ?? ''), timeout: 120_000 },
    );
    await until('word that the session is paused', () => heard.some((message) => message.includes('PAUSED')), 30_000);
    await desk.harness.custody.session(id).resume();
    expect(await answer).toMatchObject({ content: [{ text: 'appended after tea' }] });
  });

  test('comes again by itself where the client speaks 2026-07-28, until it is answered, and runs once', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2026', [id, '--park-after', '1s']);
    await client.listTools();
    await desk.harness.custody.session(id).pause({ reason: 'nap' });
    const rounds: unknown[] = [];
    const answer = client.callTool(
      { name: 'append', arguments: { text: 'after a nap' } },
      { onprogress: (progress) => rounds.push(progress) },
    );
    await until('a second turn', () => rounds.length >= 2, 20_000);
    await desk.harness.custody.session(id).resume();
    expect(await answer).toMatchObject({ content: [{ text: 'appended after a nap' }] });
    expect(desk.harness.phasesOf('after a nap')).toBe('begin end');
  });

  test('is not made again, and no more cancelled, when its client cancels it', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id]);
    await client.listTools();
    await desk.harness.custody.session(id).pause();
    const abort = new AbortController();
    const call = client
      .callTool({ name: 'append', arguments: { text: 'let go' } }, { signal: abort.signal })
      .catch((error: unknown) => error);
    await desk.harness.until(id, ({ openCalls }) => openCalls.some(({ tool }) => tool === 'append'));
    abort.abort();
    expect(await call).toBeInstanceOf(Error);
    await desk.harness.custody.session(id).resume();
    await until('the call made', () => desk.harness.phasesOf('let go') === 'begin end');
  });
});

test(
  'G1, L4: a client that starts while the session is paused sees its tools by name, and hears when they can be ' +
    'described',
  async () => {
    const id = await desk.session('journal');
    await desk.harness.custody.session(id).pause();
    let told = 0;
    const { client } = await desk.connect('2025', [id], {
      listChanged: { tools: { autoRefresh: false, onChanged: () => void (told += 1) } },
    });
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === 'append')).toMatchObject({
      description: expect.stringContaining('custody_status') as string,
      inputSchema: { type: 'object' },
    });
    await desk.harness.custody.session(id).resume();
    await until('word of new tools', () => told > 0, 30_000);
    expect((await client.listTools()).tools.find(({ name }) => name === 'append')).toMatchObject({
      inputSchema: { required: ['text'] },
    });
  },
);
