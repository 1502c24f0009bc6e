import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../cli/temporal/freePort.ts';
import { startStandIn } from '../servers/start.ts';
import type { RunningServer, StandIn } from '../servers/start.ts';
import { Harness } from '../support/harness.ts';
import { type JournalEntry, JournalFile } from '../support/journal.ts';
import { until } from '../support/until.ts';

const PEERS = [
  { revision: '2025-06-18', transport: 'stdio' },
  { revision: '2025-06-18', transport: 'http' },
  { revision: '2025-06-18', transport: 'http-sessions' },
  { revision: '2025-11-25', transport: 'stdio' },
  { revision: '2025-11-25', transport: 'http' },
  { revision: '2025-11-25', transport: 'http-sessions' },
  { revision: '2026-07-28', transport: 'stdio' },
  { revision: '2026-07-28', transport: 'http' },
] as const;
type Peer = (typeof PEERS)[number];

const JOURNAL_SERVER = fileURLToPath(new URL('../servers/journal.mjs', import.meta.url));
const RULES = {
  lookup: { effect: 'read-only' },
  upsert: { effect: 'idempotent' },
  append: { effect: 'irreversible' },
} as const;
/** What tells the journal of the server `leftover` from the others. */
const LEFTOVER = '.leftover';
const nameOf = ({ revision, transport }: Peer): string => `${transport}-${revision}`;
/** Is it bound to the worker that opened it? */
const isStateful = ({ transport }: Peer): boolean => transport !== 'http';

let harness: Harness;
let journal: JournalFile;
const running = new Map<string, RunningServer>();

const argsOf = ({ revision, transport }: Peer): string[] => [
  '--journal',
  journal.path,
  '--revision',
  revision,
  ...(transport === 'http-sessions' ? ['--sessions', 'yes'] : []),
];

async function serve(peer: Peer): Promise<void> {
  running.set(nameOf(peer), await (await standIn(peer)).listening);
}

/** A server for this peer, which gets the port of the one before it once that is gone. */
function standIn(peer: Peer): Promise<StandIn> {
  const before = running.get(nameOf(peer));
  return startStandIn('journal.mjs', argsOf(peer), before ? Number(new URL(before.server.url).port) : 0);
}

beforeAll(async () => {
  harness = await Harness.start({ profile: { session: { onPause: 'cancel', concurrency: 8 } } });
  journal = new JournalFile(harness.journalFile);
  await Promise.all(PEERS.filter(({ transport }) => transport !== 'stdio').map(serve));
  const servers = PEERS.map((peer) => [
    nameOf(peer),
    peer.transport === 'stdio'
      ? { command: process.execPath, args: [JOURNAL_SERVER, ...argsOf(peer)] }
      : { url: running.get(nameOf(peer))?.server.url },
  ]);
  servers.push([
    'leftover',
    { command: process.execPath, args: [JOURNAL_SERVER, '--journal', journal.path + LEFTOVER] },
  ]);
  const tools = PEERS.flatMap((peer) => Object.entries(RULES).map(([tool, rule]) => [`${nameOf(peer)}.${tool}`, rule]));
  await harness.stopWorker();
  await harness.configure({
    servers: Object.fromEntries(servers) as object,
    tools: Object.fromEntries(tools) as object,
  });
  await harness.startWorker();
});

afterAll(async () => {
  await harness?.stop();
  await Promise.all([...running.values()].map((server) => server.kill()));
});

/** A session on these servers alone that takes calls. */
async function session(...servers: string[]): Promise<string> {
  const id = await harness.custody.start(harness.spec({ servers }));
  await harness.until(id, ({ state }) => state === 'RUNNING');
  return id;
}

const begun = (id: string, ...callIds: string[]): Promise<boolean> =>
  until(`calls ${callIds.join(', ')} under way`, () =>
    callIds.every((callId) => journal.of(id, callId).startsWith('begin')),
  );

/**
 * Each peer has a server of its own, which groups share: those that leave it alone run first, then those that kill it.
 */
function groups(claim: string, peers: readonly Peer[], tests: (peer: Peer, server: string) => void): void {
  describe(claim, () => {
    describe.concurrent.each(peers)('revision $revision over $transport', (peer) => tests(peer, nameOf(peer)));
  });
}

groups('E1: a session on a server', PEERS, (peer, server) => {
  test('knows the negotiated revision, and its calls arrive with their idempotency keys', async ({ expect }) => {
    const id = await session(server);
    expect((await harness.custody.describe(id)).servers).toEqual([
      {
        name: server,
        protocolVersion: peer.revision,
        tools: 5,
        ...(isStateful(peer) ? { held: { worker: 'tester', generation: 1 } } : {}),
      },
    ]);
    expect(await harness.custody.call(id, `${server}.append`, { text: 'hello' }, { callId: 'said' })).toEqual({
      callId: 'said',
      outcome: 'succeeded',
      attempts: 1,
      result: { content: [{ type: 'text', text: 'appended hello' }] },
    });
    expect(await harness.custody.call(id, `${server}.lookup`, { key: 'none' })).toMatchObject({
      outcome: 'succeeded',
      result: { structuredContent: { value: null } },
    });
    expect(await harness.custody.call(id, `${server}.fail`)).toMatchObject({
      outcome: 'tool_error',
      attempts: 1,
      result: { content: [{ text: 'failed as asked' }] },
    });
    // The journal finds a call by the key that came in `_meta`: `session id/call id`.
    expect(journal.of(id, 'said')).toBe('begin end');
    await harness.custody.complete(id);
    expect(await harness.custody.wait(id)).toMatchObject({ state: 'COMPLETED' });
  });

  test('L4, E5: cancels calls under way on pause, and on cancel; the server hears of it', async ({ expect }) => {
    const id = await session(server);
    const call = (tool: string, callId: string, args: { [name: string]: string }): Promise<unknown> =>
      harness.custody
        .call(id, `${server}.${tool}`, { ...args, gate: 'never' }, { callId, wait: false })
        .catch((error: unknown) => error);
    const ends = Promise.all([call('lookup', 'read', { key: 'k' }), call('append', 'write', { text: 't' })]);
    await begun(id, 'read', 'write');
    await harness.custody.pause(id, { reason: 'stop it' });
    // A server has no way to say whether it stopped in time: a read ends cancelled, and what cannot be undone is in
    // doubt.
    expect(await ends).toMatchObject([
      { outcome: 'cancelled', error: { code: 'CALL_CANCELLED' } },
      { code: 'CALL_PARKED' },
    ]);
    expect(await harness.custody.describe(id)).toMatchObject({
      state: 'PAUSED',
      openCalls: [{ callId: 'write', phase: 'in_doubt', trouble: { code: 'CALL_CANCELLED' } }],
    });
    await until(
      'both cancelled at the server',
      () => journal.of(id, 'read') === 'begin cancelled' && journal.of(id, 'write') === 'begin cancelled',
    );
    await harness.custody.resolve(id, 'write', 'failed', { reason: 'the journal says cancelled' });

    await harness.custody.resume(id);
    await harness.until(id, ({ state }) => state === 'RUNNING');
    const last = call('lookup', 'last', { key: 'k' });
    await begun(id, 'last');
    await harness.custody.cancel(id, { reason: 'enough' });
    expect(await last).toMatchObject({ outcome: 'cancelled' });
    expect(await harness.custody.wait(id)).toMatchObject({ state: 'FAILED', code: 'SESSION_CANCELLED' });
    await until('the last one cancelled at the server', () => journal.of(id, 'last') === 'begin cancelled');
  });

  if (server === 'stdio-2026-07-28')
    test('L6: a call longer than the heartbeat timeout of 5 s is not taken for lost', async ({ expect }) => {
      const id = await session(server);
      expect(
        await harness.custody.call(id, `${server}.append`, { text: 'slow', delayMs: 6500 }, { callId: 'slow' }),
      ).toMatchObject({ outcome: 'succeeded', attempts: 1 });
      expect(journal.of(id, 'slow')).toBe('begin end');
      expect(await harness.custody.describe(id)).toMatchObject({ state: 'RUNNING', restarts: 0 });
    });
});

groups('E3: a server that is killed in mid-call', PEERS, (peer, server) => {
  test('a read is made again on a new connection and succeeds, an irreversible call is in doubt, and the next call works', async ({
    expect,
  }) => {
    const id = await session(server);
    // The server that takes over is up before: a read is made again after 1 s, and then at most once more.
    const next = peer.transport === 'stdio' ? undefined : await standIn(peer);
    const gate = `after ${server}`;
    const read = harness.custody.call(id, `${server}.lookup`, { key: 'k', gate }, { callId: 'read' });
    const write = harness.custody
      .call(id, `${server}.append`, { text: 't', gate }, { callId: 'write', wait: false })
      .catch((error: unknown) => error);
    await begun(id, 'read', 'write');
    const { pid } = journal.entries().find(({ idempotencyKey }) => idempotencyKey === `${id}/write`) as JournalEntry;
    process.kill(pid, 'SIGKILL');
    if (next) running.set(server, await next.listening);
    journal.open(gate);
    expect(await write).toMatchObject({ code: 'CALL_PARKED' });
    expect(await read).toMatchObject({ outcome: 'succeeded' });
    expect([journal.of(id, 'read'), journal.of(id, 'write')]).toEqual(['begin begin end', 'begin']);
    expect((await harness.custody.describe(id)).openCalls).toMatchObject([
      { callId: 'write', phase: 'in_doubt', attempts: 1, trouble: { code: 'CONNECTION_LOST' } },
    ]);
    expect(await harness.custody.call(id, `${server}.append`, { text: 'after' })).toMatchObject({
      outcome: 'succeeded',
      attempts: 1,
    });
    await harness.custody.cancel(id);
  });
});

groups(
  'E1: an HTTP server that is restarted between two calls',
  PEERS.filter(({ transport }) => transport !== 'stdio'),
  (peer, server) => {
    test('takes the next call, once; where it forgot the session, the call is not sent before the server is opened again', async ({
      expect,
    }) => {
      const id = await session(server);
      expect(await harness.custody.call(id, `${server}.append`, { text: 'one' })).toMatchObject({
        outcome: 'succeeded',
      });
      await running.get(server)?.kill();
      await serve(peer);
      expect(await harness.custody.call(id, `${server}.append`, { text: 'two' }, { callId: 'two' })).toMatchObject({
        outcome: 'succeeded',
        attempts: isStateful(peer) ? 2 : 1,
      });
      expect(journal.of(id, 'two')).toBe('begin end');
      await harness.custody.complete(id);
    });
  },
);

describe('L1: a session that ends leaves no process of a server behind', () => {
  const isLeft = async (): Promise<boolean> =>
    (await promisify(execFile)('ps', ['-axo', 'args'])).stdout.includes(journal.path + LEFTOVER);

  test('though no call was made', async () => {
    const id = await session('leftover');
    expect(await isLeft()).toBe(true);
    await harness.custody.complete(id);
    await harness.custody.wait(id);
    await until('the server ended', async () => !(await isLeft()));
  });

  test('though another server could not be opened meanwhile', async () => {
    const id = await harness.custody.start(harness.spec({ servers: ['leftover', 'nowhere'] }));
    expect(await harness.custody.wait(id)).toMatchObject({ state: 'FAILED', code: 'UNKNOWN_SERVER' });
    // It may still be starting: once its worker has drained, nothing starts any more.
    await harness.stopWorker();
    expect(await isLeft()).toBe(false);
    await harness.startWorker();
  });
});

const program = (name: string): string =>
  fileURLToPath(import.meta.resolve(`@modelcontextprotocol/${name}/dist/index.js`));

test('E1, E6: a plan works on server-filesystem over stdio and server-everything over HTTP, and hands results on', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/mcp`;
  const everything: ChildProcess = spawn(process.execPath, [program('server-everything'), 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  const own = await Harness.start();
  try {
    await until('server-everything listening', () =>
      fetch(url).then(
        () => true,
        () => false,
      ),
    );
    const scratch = join(await realpath(own.dir), 'scratch');
    await mkdir(scratch);
    await own.stopWorker();
    await own.configure({
      servers: {
        files: { command: process.execPath, args: [program('server-filesystem'), scratch], trustAnnotations: true },
        everything: { url },
      },
      tools: { 'everything.echo': { effect: 'read-only' } },
    });
    await own.startWorker();
    const path = join(scratch, 'a.md');
    const id = await own.custody.start(
      own.spec({
        servers: ['files', 'everything'],
        plan: [
          { call: 'everything.echo', as: 'said', args: { message: 'hello' } },
          { call: 'files.write_file', args: { path, content: '${said.content.0.text}!' } },
          {
            parallel: [
              { call: 'files.read_text_file', as: 'read', args: { path } },
              { call: 'files.list_directory', args: { path: scratch } },
            ],
          },
          { call: 'everything.echo', as: 'again', args: { message: '${read.content.0.text}' } },
          { call: 'files.read_text_file', as: 'outside', onError: 'continue', args: { path: '/etc/hostname' } },
        ],
      }),
    );
    const view = await own.custody.wait(id);
    expect(view).toMatchObject({
      state: 'COMPLETED',
      servers: [
        { name: 'files', protocolVersion: '2025-11-25' },
        { name: 'everything', protocolVersion: '2025-11-25' },
      ],
    });
    expect(view.calls.map(({ callId, outcome }) => [callId, outcome])).toEqual(
      expect.arrayContaining([
        ['plan/said', 'succeeded'],
        ['plan/again', 'succeeded'],
        ['plan/outside', 'tool_error'],
      ]),
    );
    expect(await readFile(path, 'utf8')).toBe('Echo: hello!');
  } finally {
    const exited = everything.exitCode === null ? once(everything, 'exit') : undefined;
    everything.kill('SIGKILL');
    await exited;
    await own.stop();
  }
});
