import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../cli/temporal/freePort.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { startHttpServer, type RunningServer } from '../servers/start.ts';
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
  const before = running.get(nameOf(peer));
  running.set(
    nameOf(peer),
    await startHttpServer('journal.mjs', argsOf(peer), before ? Number(new URL(before.server.url).port) : 0),
  );
}

beforeAll(async () => {
  installRuntime(pino({ level: 'silent' }));
  harness = await Harness.start({ profile: { session: { onPause: 'cancel', concurrency: 8 } } });
  journal = new JournalFile(harness.journalFile);
  await Promise.all(PEERS.filter(({ transport }) => transport !== 'stdio').map(serve));
  const servers: [string, object][] = PEERS.map((peer) => [
    nameOf(peer),
    peer.transport === 'stdio'
      ? { command: process.execPath, args: [JOURNAL_SERVER, ...argsOf(peer)] }
      : { url: running.get(nameOf(peer))?.server.url },
  ]);
  servers.push([
    'leftover',
    { command: process.execPath, args: [JOURNAL_SERVER, '--journal', journal.path + LEFTOVER] },
  ]);
  servers.push([
    'shared',
    { command: process.execPath, args: [JOURNAL_SERVER, '--journal', journal.path], shared: true },
  ]);
  const tools = [...PEERS.map(nameOf), 'shared'].flatMap((server) =>
    Object.entries(RULES).map(([tool, rule]) => [`${server}.${tool}`, rule]),
  );
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
  const { id } = await harness.custody.start(harness.spec({ servers }));
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
    expect((await harness.custody.session(id).describe()).servers).toEqual([
      {
        name: server,
        protocolVersion: peer.revision,
        tools: 5,
        ...(isStateful(peer) ? { held: { worker: 'tester', generation: 1 } } : {}),
      },
    ]);
    expect(await harness.custody.session(id).call(`${server}.append`, { text: 'hello' }, { callId: 'said' })).toEqual({
      callId: 'said',
      outcome: 'succeeded',
      attempts: 1,
      result: { content: [{ type: 'text', text: 'appended hello' }] },
    });
    expect(await harness.custody.session(id).call(`${server}.lookup`, { key: 'none' })).toMatchObject({
      outcome: 'succeeded',
      result: { structuredContent: { value: null } },
    });
    expect(await harness.custody.session(id).call(`${server}.fail`)).toMatchObject({
      outcome: 'tool_error',
      attempts: 1,
      result: { content: [{ text: 'failed as asked' }] },
    });
    // The journal finds a call by the key that came in `_meta`: `session id/call id`.
    expect(journal.of(id, 'said')).toBe('begin end');
    await harness.custody.session(id).complete();
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'COMPLETED' });
  });

  test('L4, E5: cancels calls under way on pause, and on cancel; the server hears of it', async ({ expect }) => {
    const id = await session(server);
    const call = (tool: string, callId: string, args: { [name: string]: string }): Promise<unknown> =>
      harness.custody
        .session(id)
        .call(`${server}.${tool}`, { ...args, delayMs: 30_000 }, { callId, wait: false })
        .catch((error: unknown) => error);
    const ends = Promise.all([call('lookup', 'read', { key: 'k' }), call('append', 'write', { text: 't' })]);
    await begun(id, 'read', 'write');
    await harness.custody.session(id).pause({ reason: 'stop it' });
    // A server has no way to say whether it stopped in time: a read ends cancelled, and what cannot be undone is in
    // doubt.
    expect(await ends).toMatchObject([
      { outcome: 'cancelled', error: { code: 'CALL_CANCELLED' } },
      { code: 'CALL_PARKED' },
    ]);
    expect(await harness.custody.session(id).describe()).toMatchObject({
      state: 'PAUSED',
      openCalls: [{ callId: 'write', phase: 'in_doubt', trouble: { code: 'CALL_CANCELLED' } }],
    });
    await until(
      'both cancelled at the server',
      () => journal.of(id, 'read') === 'begin cancelled' && journal.of(id, 'write') === 'begin cancelled',
    );
    await harness.custody.session(id).resolve('write', 'failed', { reason: 'the journal says cancelled' });

    await harness.custody.session(id).resume();
    await harness.until(id, ({ state }) => state === 'RUNNING');
    const last = call('lookup', 'last', { key: 'k' });
    await begun(id, 'last');
    await harness.custody.session(id).cancel({ reason: 'enough' });
    expect(await last).toMatchObject({ outcome: 'cancelled' });
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'SESSION_CANCELLED' });
    await until('the last one cancelled at the server', () => journal.of(id, 'last') === 'begin cancelled');
  });

  if (server === 'stdio-2026-07-28')
    test('L6: a call longer than the heartbeat timeout of 5 s is not taken for lost', async ({ expect }) => {
      const id = await session(server);
      expect(
        await harness.custody.session(id).call(`${server}.append`, { text: 'slow', delayMs: 6500 }, { callId: 'slow' }),
      ).toMatchObject({ outcome: 'succeeded', attempts: 1 });
      expect(journal.of(id, 'slow')).toBe('begin end');
      expect(await harness.custody.session(id).describe()).toMatchObject({ state: 'RUNNING', restarts: 0 });
    });
});

groups('E3: a server that is killed in mid-call', PEERS, (peer, server) => {
  test('a read is made again on a new connection and succeeds, an irreversible call is in doubt, and the next call works', async ({
    expect,
  }) => {
    const id = await session(server);
    const delayMs = 2000;
    const read = harness.custody.session(id).call(`${server}.lookup`, { key: 'k', delayMs }, { callId: 'read' });
    const write = harness.custody
      .session(id)
      .call(`${server}.append`, { text: 't', delayMs }, { callId: 'write', wait: false })
      .catch((error: unknown) => error);
    await begun(id, 'read', 'write');
    const { pid } = journal.entries().find(({ idempotencyKey }) => idempotencyKey === `${id}/write`) as JournalEntry;
    process.kill(pid, 'SIGKILL');
    if (peer.transport !== 'stdio') await serve(peer);
    expect(await write).toMatchObject({ code: 'CALL_PARKED' });
    expect(await read).toMatchObject({ outcome: 'succeeded' });
    expect([journal.of(id, 'read'), journal.of(id, 'write')]).toEqual(['begin begin end', 'begin']);
    expect((await harness.custody.session(id).describe()).openCalls).toMatchObject([
      { callId: 'write', phase: 'in_doubt', attempts: 1, trouble: { code: 'CONNECTION_LOST' } },
    ]);
    expect(await harness.custody.session(id).call(`${server}.append`, { text: 'after' })).toMatchObject({
      outcome: 'succeeded',
      attempts: 1,
    });
    await harness.custody.session(id).cancel();
  });
});

groups(
  'E1: an HTTP server that is restarted between two calls',
  PEERS.filter(({ transport }) => transport !== 'stdio'),
  (peer, server) => {
    const restart = async (): Promise<void> => {
      await running.get(server)?.kill();
      await serve(peer);
    };

    test('takes the next call, once; where it forgot the session, a read is made again, and another call is in doubt', async ({
      expect,
    }) => {
      const id = await session(server);
      const append = (callId: string): Promise<unknown> =>
        harness.custody
          .session(id)
          .call(`${server}.append`, { text: callId }, { callId, wait: false })
          .catch((error: unknown) => error);
      expect(await append('one')).toMatchObject({ outcome: 'succeeded' });
      await restart();
      expect(
        await harness.custody.session(id).call(`${server}.lookup`, { key: 'k' }, { callId: 'read' }),
      ).toMatchObject({
        outcome: 'succeeded',
        attempts: isStateful(peer) ? 2 : 1,
      });
      expect(journal.of(id, 'read')).toBe('begin end');
      await restart();
      // Nobody knows whether the server acted before it said that it does not know the session.
      expect(await append('two')).toMatchObject(isStateful(peer) ? { code: 'CALL_PARKED' } : { outcome: 'succeeded' });
      expect((await harness.custody.session(id).describe()).openCalls).toMatchObject(
        isStateful(peer)
          ? [{ callId: 'two', phase: 'in_doubt', attempts: 1, trouble: { code: 'CONNECTION_LOST' } }]
          : [],
      );
      expect(await append('three')).toMatchObject({ outcome: 'succeeded', attempts: 1 });
      expect([journal.of(id, 'two'), journal.of(id, 'three')]).toEqual([
        isStateful(peer) ? '' : 'begin end',
        'begin end',
      ]);
      await harness.custody.session(id).cancel();
    });
  },
);

describe('E1: a stdio server that its operator calls shared', () => {
  test('is one process for all sessions of a worker, held for none; killed, it is started again', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => session('shared')));
    const call = (id: string, callId: string) =>
      harness.custody.session(id).call('shared.lookup', { key: id }, { callId });
    await Promise.all(ids.map((id) => call(id, 'first')));
    const pids = (): Set<number> =>
      new Set(journal.entries().flatMap((entry) => (entry.tool === 'lookup' && isShared(entry) ? [entry.pid] : [])));
    const isShared = ({ idempotencyKey }: JournalEntry): boolean => ids.some((id) => idempotencyKey?.startsWith(id));
    expect(pids().size).toBe(1);
    const [first] = ids as [string];
    expect((await harness.custody.session(first).describe()).servers[0]).not.toHaveProperty('held');
    await harness.custody.session(first).complete();
    process.kill([...pids()][0] as number, 'SIGKILL');
    const answers = await Promise.all(ids.slice(1).map((id) => call(id, 'second')));
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(5).fill('succeeded'));
    expect(pids().size).toBe(2);
  });
});

describe('L1: a session that ends leaves no process of a server behind', () => {
  const isLeft = async (): Promise<boolean> =>
    (await promisify(execFile)('ps', ['-axo', 'args'])).stdout.includes(journal.path + LEFTOVER);

  test('though no call was made', async () => {
    const id = await session('leftover');
    expect(await isLeft()).toBe(true);
    await harness.custody.session(id).complete();
    await harness.custody.session(id).wait();
    await until('the server ended', async () => !(await isLeft()), 5000);
  });

  test('though another server could not be opened meanwhile', async () => {
    const { id } = await harness.custody.start(harness.spec({ servers: ['leftover', 'nowhere'] }));
    expect(await harness.custody.session(id).wait()).toMatchObject({ state: 'FAILED', code: 'UNKNOWN_SERVER' });
    // It may still be starting.
    await delay(1500);
    expect(await isLeft()).toBe(false);
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
    await until(
      'server-everything listening',
      () =>
        fetch(url).then(
          () => true,
          () => false,
        ),
      20_000,
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
    const { id } = await own.custody.start(
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
    const view = await own.custody.session(id).wait();
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
