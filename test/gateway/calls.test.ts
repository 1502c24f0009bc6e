import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isAlive } from '../support/processes/isAlive.ts';
import { until } from '../support/until.ts';
import { Desk } from './desk.ts';

// Each client is a process of its own, and so is each server behind it.
vi.setConfig({ testTimeout: 120_000 });

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

/** The phases of the calls of a text at the journal server, in order. */
const phasesOf = (said: string): string =>
  desk.harness
    .journal()
    .filter(({ args }) => args.text === said)
    .map(({ phase }) => phase)
    .join(' ');
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
      expect(phasesOf(name)).toBe('begin end');
    }
    expect(
      (await desk.harness.custody.describe(id)).calls
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
    expect(phasesOf('other')).toBe('');
  });
});

test('G1, L6: a client that is killed in mid-call loses nothing: the session keeps the call, and another client gets its answer by the id', async () => {
  const args = ['--new', await specFile('journal'), '--id', `desk-${process.pid}`];
  const first = await desk.connect('2025', args);
  await first.client.listTools();
  const lost = first.client
    .callTool({ name: 'append', arguments: { text: 'kept', delayMs: 1500 }, _meta: { [META]: 'kept-1' } })
    .catch((error: unknown) => error);
  await until('the call under way', () => phasesOf('kept') === 'begin');
  process.kill(first.pid, 'SIGKILL');
  expect(await lost).toBeInstanceOf(Error);
  const second = await desk.connect('2026', args);
  await until('the remark that the session is there', () =>
    second.stderr().includes(`session desk-${process.pid}, RUNNING`),
  );
  const answer = { content: [{ type: 'text', text: 'appended kept' }] };
  expect(await second.client.callTool({ name: 'custody_wait', arguments: { callId: 'kept-1' } })).toMatchObject(answer);
  expect(
    await second.client.callTool({
      name: 'append',
      arguments: { text: 'kept', delayMs: 1500 },
      _meta: { [META]: 'kept-1' },
    }),
  ).toMatchObject(answer);
  expect(phasesOf('kept')).toBe('begin end');
});

describe('G1, G3: a call of a session that is paused', () => {
  test('is parked in words where the client takes no progress, and custody_wait brings its answer', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id, '--park-after', '1s']);
    await client.listTools();
    await desk.harness.custody.pause(id, { reason: 'lunch' });
    const parked = await client.callTool({
      name: 'append',
      arguments: { text: 'after lunch' },
      _meta: { [META]: 'lunch-1' },
    });
    expect(parked).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^CALL_PARKED: .*PAUSED: lunch.*custody_wait/) as string }],
      _meta: { [META]: 'lunch-1', 'io.custody/code': 'CALL_PARKED' },
    });
    expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
      structuredContent: { state: 'PAUSED', cause: 'operator', openCalls: [{ callId: 'lunch-1', phase: 'queued' }] },
    });
    expect(await client.callTool({ name: 'custody_wait', arguments: { callId: 'lunch-1' } })).toMatchObject({
      isError: true,
      _meta: { 'io.custody/code': 'CALL_PARKED' },
    });
    await desk.harness.custody.resume(id);
    await until('the call made', () => phasesOf('after lunch') === 'begin end');
    expect(await client.callTool({ name: 'custody_wait', arguments: { callId: 'lunch-1' } })).toMatchObject({
      content: [{ text: 'appended after lunch' }],
    });
    expect(phasesOf('after lunch')).toBe('begin end');
  });

  test('is waited for with progress where the client takes it', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id]);
    await client.listTools();
    await desk.harness.custody.pause(id, { reason: 'tea' });
    const heard: string[] = [];
    const answer = client.callTool(
      { name: 'append', arguments: { text: 'after tea' } },
      { onprogress: ({ message }) => heard.push(message ?? ''), timeout: 120_000 },
    );
    await until('word that the session is paused', () => heard.some((message) => message.includes('PAUSED')), 30_000);
    await desk.harness.custody.resume(id);
    expect(await answer).toMatchObject({ content: [{ text: 'appended after tea' }] });
  });

  test('comes again by itself where the client speaks 2026-07-28, until it is answered, and runs once', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2026', [id, '--park-after', '1s']);
    await client.listTools();
    await desk.harness.custody.pause(id, { reason: 'nap' });
    const rounds: unknown[] = [];
    const answer = client.callTool(
      { name: 'append', arguments: { text: 'after a nap' } },
      { onprogress: (progress) => rounds.push(progress) },
    );
    await until('a second turn', () => rounds.length >= 2, 20_000);
    await desk.harness.custody.resume(id);
    expect(await answer).toMatchObject({ content: [{ text: 'appended after a nap' }] });
    expect(phasesOf('after a nap')).toBe('begin end');
  });

  test('is not made again, and no more cancelled, when its client cancels it', async () => {
    const id = await desk.session('journal');
    const { client } = await desk.connect('2025', [id]);
    await client.listTools();
    await desk.harness.custody.pause(id);
    const abort = new AbortController();
    const call = client
      .callTool({ name: 'append', arguments: { text: 'let go' } }, { signal: abort.signal })
      .catch((error: unknown) => error);
    await desk.harness.until(id, ({ openCalls }) => openCalls.some(({ tool }) => tool === 'append'));
    abort.abort();
    expect(await call).toBeInstanceOf(Error);
    await desk.harness.custody.resume(id);
    await until('the call made', () => phasesOf('let go') === 'begin end');
  });
});

test('G1, L4: a client that starts while the session is paused sees its tools by name, and hears when they can be described', async () => {
  const id = await desk.session('journal');
  await desk.harness.custody.pause(id);
  let told = 0;
  const { client } = await desk.connect('2025', [id], {
    listChanged: { tools: { autoRefresh: false, onChanged: () => void (told += 1) } },
  });
  const { tools } = await client.listTools();
  expect(tools.find(({ name }) => name === 'append')).toMatchObject({
    description: expect.stringContaining('custody_status') as string,
    inputSchema: { type: 'object' },
  });
  await desk.harness.custody.resume(id);
  await until('word of new tools', () => told > 0, 30_000);
  expect((await client.listTools()).tools.find(({ name }) => name === 'append')).toMatchObject({
    inputSchema: { required: ['text'] },
  });
});

test('G1: a session that has ended refuses calls in words, and still says how it stands', async () => {
  const id = await desk.session('journal');
  const { client, stderr } = await desk.connect('2025', [id]);
  expect((await client.listTools()).tools.length).toBeGreaterThan(2);
  await desk.harness.custody.complete(id, { reason: 'done' });
  await desk.harness.custody.wait(id);
  expect(await client.callTool({ name: 'append', arguments: { text: 'late' } })).toMatchObject({
    isError: true,
    _meta: { 'io.custody/code': 'SESSION_CLOSED' },
  });
  expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
    structuredContent: { state: 'COMPLETED', reason: 'done' },
  });
  const late = await desk.connect('2026', [id]);
  expect((await late.client.listTools()).tools.map(({ name }) => name)).toEqual([
    'custody_status',
    'custody_checkpoint',
    'custody_wait',
  ]);
  await until('the remark on its end', () => late.stderr().includes('has ended'));
  expect(stderr()).toContain('RUNNING');
});

test('G1, L7: an agent sets checkpoints in its session, each once', async () => {
  const id = await desk.session('journal');
  const { client } = await desk.connect('2026', [id]);
  const set = (name: unknown) =>
    client.callTool({
      name: 'custody_checkpoint',
      arguments: { name },
      _meta: { [META]: `checkpoint-${String(name)}` },
    });
  expect(await set('draft')).toMatchObject({ content: [{ text: "The checkpoint 'draft' is set." }] });
  expect(await set('draft')).not.toHaveProperty('isError', true);
  expect(await set(7)).toMatchObject({ isError: true, _meta: { 'io.custody/code': 'MALFORMED_COMMAND' } });
  expect((await desk.harness.custody.describe(id)).checkpoints.map(({ name }) => name)).toEqual(['draft']);
  expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
    structuredContent: { checkpoints: ['draft'] },
  });
});

test('G1: the v1 client of the SDK, which most clients are built on, is served as well', async () => {
  const id = await desk.session('journal');
  const client = new OldClient({ name: 'old', version: '1.0.0' });
  await client.connect(new OldTransport({ ...desk.command(id), stderr: 'ignore' }));
  try {
    expect(client.getServerVersion()).toMatchObject({ name: 'custody', title: `Custody session ${id}` });
    expect(client.getInstructions()).toContain(id);
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('append');
    expect(await client.callTool({ name: 'append', arguments: { text: 'from v1' } })).toMatchObject({
      content: [{ text: 'appended from v1' }],
    });
  } finally {
    await client.close();
  }
});

test('G1, U4: a client that sends rubbish and floods is answered, and the session lives on', async () => {
  const id = await desk.session('journal');
  const { command, args, env } = desk.command(id);
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const said = text(child.stdout);
  const send = (line: string): boolean => child.stdin.write(`${line}\n`);
  const request = (requestId: number, method: string, params: object): boolean =>
    send(JSON.stringify({ jsonrpc: '2.0', id: requestId, method, params }));
  request(1, 'initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'x', version: '1' },
  });
  send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }));
  for (const rubbish of [
    '',
    'no json',
    '[]',
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":{},"method":"tools/call"}',
    `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`,
    '\ud800',
  ])
    send(rubbish);
  request(2, 'tools/call', { name: 7 });
  request(3, 'tools/call', { name: 'append', arguments: { text: 'x'.repeat(9 * 1024 * 1024) } });
  for (let each = 0; each < 400; each += 1)
    request(100 + each, 'tools/call', { name: 'lookup', arguments: { key: `k${each}`, delayMs: 300 } });
  request(4, 'tools/call', { name: 'append', arguments: { text: 'sane' }, _meta: { [META]: 'sane-1' } });
  expect(await desk.harness.custody.describe(id)).toMatchObject({ state: 'RUNNING' });
  await until('the pipe read', () => child.stdin.writableLength === 0, 30_000);
  const ended = once(child, 'exit');
  setTimeout(() => child.stdin.end(), 3000);
  await ended;
  const answers = (await said)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { id: number; error?: { message: string }; result?: { isError?: boolean } });
  expect(answers.find((answer) => answer.id === 1)).toMatchObject({ result: { protocolVersion: '2025-11-25' } });
  expect(
    answers.find((answer) => answer.id === 2)?.error ?? answers.find((answer) => answer.id === 2)?.result?.isError,
  ).toBeTruthy();
  expect(answers.some((answer) => answer.error?.message.includes('BACKLOG_FULL'))).toBe(true);
  expect(await desk.harness.custody.call(id, 'journal.append', { text: 'still here' })).toMatchObject({
    outcome: 'succeeded',
  });
});

describe('G1, U4: custody mcp', () => {
  const end = async (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> => {
    const { command, args: all, env } = desk.command(...args);
    const child = spawn(command, all, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end();
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { code, stdout, stderr };
  };

  test('says on stderr what is wrong, and nothing on stdout', async () => {
    expect(await end('no-such-session')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('SESSION_NOT_FOUND') as string,
    });
    expect(await end()).toMatchObject({ code: 2, stdout: '' });
    expect(await end('a', '--new', 'b.yaml')).toMatchObject({ code: 2, stdout: '' });
    expect(await end('a', '--id', 'b')).toMatchObject({ code: 2, stdout: '' });
  });

  test('ends with its client, and leaves the session', async () => {
    const id = await desk.session('journal');
    const { client, pid } = await desk.connect('2025', [id]);
    await client.close();
    await until('its end', () => !isAlive(pid));
    expect(await desk.harness.custody.describe(id)).toMatchObject({ state: 'RUNNING' });
  });
});

async function specFile(...servers: string[]): Promise<string> {
  const path = join(desk.harness.dir, 'spec.json');
  await writeFile(path, JSON.stringify(desk.spec(...servers)));
  return path;
}
