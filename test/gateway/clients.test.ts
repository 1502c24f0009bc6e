import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../support/processes/isAlive.ts';
import { until } from '../support/until.ts';
import { Desk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

const META = 'io.custody/call-id';

test('G1: a session that has ended refuses calls in words, and still says how it stands', async () => {
  const id = await desk.session('journal');
  const { client, stderr } = await desk.connect('2025', [id]);
  expect((await client.listTools()).tools.length).toBeGreaterThan(2);
  await desk.harness.custody.session(id).complete({ reason: 'done' });
  await desk.harness.custody.session(id).wait();
  expect(await client.callTool({ name: 'append', arguments: { text: 'late' } })).toMatchObject({
    isError: true,
    _meta: { 'io.custody/code': 'SESSION_ENDED' },
  });
  expect(await client.callTool({ name: 'custody_status', arguments: {} })).toMatchObject({
    structuredContent: { state: 'COMPLETED', reason: 'done' },
  });
  const late = await desk.connect('2026', [id]);
  expect((await late.client.listTools()).tools.map(({ name }) => name)).toContain('custody_status');
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
  expect((await desk.harness.custody.session(id).describe()).checkpoints.map(({ name }) => name)).toEqual(['draft']);
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
  expect(await desk.harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
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
  expect(await desk.harness.custody.session(id).call('journal.append', { text: 'still here' })).toMatchObject({
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
    expect(await desk.harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING' });
  });
});
