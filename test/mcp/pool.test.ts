import { afterEach, expect, test } from 'vitest';
import type { McpConnection } from '../../mcp/connection.ts';
import { ConnectionPool } from '../../mcp/pool.ts';
import type { ResolvedServer } from '../../mcp/server.ts';
import { stdioServer } from '../servers/start.ts';
import { answeredJson, callOptions, failure, isAlive, log, scratchFolder, serve, until } from './harness.ts';

const pools: ConnectionPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.closeAll()));
});

function poolOf(servers: Record<string, ResolvedServer>, idle?: number): ConnectionPool {
  const resolve = async (name: string): Promise<ResolvedServer> =>
    servers[name] ?? Promise.reject(new Error(`no server ${name}`));
  const pool = new ConnectionPool({ resolve, log, ...(idle === undefined ? {} : { idle }) });
  pools.push(pool);
  return pool;
}

const well = stdioServer('hostile.mjs', '--mode', 'none');
const pidOf = async (connection: McpConnection): Promise<number> =>
  (answeredJson(await connection.call('look', {}, callOptions())) as { pid: number }).pid;

async function journalOverHttp(sessions: boolean): Promise<ResolvedServer> {
  const args = ['--journal', `${await scratchFolder()}/journal`, '--revision', '2025-11-25'];
  return (await serve('journal.mjs', sessions ? [...args, '--sessions', 'yes'] : args)).server;
}

test('a stdio server runs once for each session, however many ask at once', async () => {
  const pool = poolOf({ well });
  const connections = await Promise.all(['a', 'a', 'b', 'a'].map((session) => pool.acquire(session, 'well')));
  expect(new Set(connections).size).toBe(2);
  expect(connections[0]).toBe(connections[1]);
  expect(await pool.acquire('b', 'well')).toBe(connections[2]);
});

test(
  'a stdio server that is shared runs once for all sessions, under no lease, ' + 'and again after its death',
  async () => {
    const pool = poolOf({ well: { ...well, shared: true } });
    const sessions = Array.from({ length: 20 }, (_, n) => `session ${n}`);
    const connections = await Promise.all(sessions.map((session) => pool.acquire(session, 'well')));
    expect(new Set(connections).size).toBe(1);
    const [first] = connections as [McpConnection];
    expect(first).toMatchObject({ sessionBound: false, lease: undefined });
    const pids = await Promise.all(connections.map(pidOf));
    expect(new Set(pids).size).toBe(1);
    await pool.closeSession('session 0');
    expect(first.closed).toBe(false);
    process.kill(pids[0] as number, 'SIGKILL');
    await until(() => first.closed);
    const again = await Promise.all(sessions.map(async (session) => pidOf(await pool.acquire(session, 'well'))));
    expect(new Set([...again, pids[0]]).size).toBe(2);
  },
);

test('E8: what a shared stdio server asks in mid-call is refused: nothing tells whose call it is about', async () => {
  const pool = poolOf({ asking: { ...stdioServer('hostile.mjs', '--mode', 'ask'), shared: true } });
  const connection = await pool.acquire('a', 'asking');
  const replies = answeredJson(await connection.call('poke', {}, callOptions())) as { id: string; error?: object }[];
  expect(replies.find(({ id }) => id === 'ask-1')).toMatchObject({
    error: { message: expect.stringContaining('Nothing tells which call') as string },
  });
});

test('an HTTP server without protocol sessions is shared by all sessions', async () => {
  const pool = poolOf({ journal: await journalOverHttp(false) });
  const connections = await Promise.all(['a', 'b', 'c'].map((session) => pool.acquire(session, 'journal')));
  expect(new Set(connections).size).toBe(1);
  await pool.closeSession('a');
  expect(connections[0]?.closed).toBe(false);
});

test('an HTTP server with protocol sessions gets one for each session', async () => {
  const pool = poolOf({ journal: await journalOverHttp(true) });
  const connections = await Promise.all(['a', 'b', 'c', 'a'].map((session) => pool.acquire(session, 'journal')));
  expect(new Set(connections).size).toBe(3);
  expect(connections[0]).toBe(connections[3]);
  await pool.closeSession('a');
  expect(connections.map(({ closed }) => closed)).toEqual([true, false, false, true]);
});

test('a connection whose server died is replaced', async () => {
  const pool = poolOf({ well });
  const first = await pool.acquire('a', 'well');
  const pid = await pidOf(first);
  process.kill(pid, 'SIGKILL');
  await until(() => first.closed);
  const second = await pool.acquire('a', 'well');
  expect(second).not.toBe(first);
  expect(await pidOf(second)).not.toBe(pid);
});

test('an opening that failed is tried anew by the next caller', async () => {
  const servers: Record<string, ResolvedServer> = { well: { ...well, command: 'no-such-command-anywhere' } };
  const pool = poolOf(servers);
  expect(await failure(pool.acquire('a', 'well'))).toMatchObject({ code: 'SERVER_UNAVAILABLE', sent: false });
  servers['well'] = well;
  expect((await pool.acquire('a', 'well')).closed).toBe(false);
});

test("closing a session ends its servers and nobody else's, openings under way included", async () => {
  const pool = poolOf({ well });
  const [mine, theirs] = await Promise.all([pool.acquire('a', 'well'), pool.acquire('b', 'well')]);
  const pids = await Promise.all([pidOf(mine), pidOf(theirs)]);
  const late = pool.acquire('c', 'well');
  await Promise.all([pool.closeSession('a'), pool.closeSession('c')]);
  expect((await late).closed).toBe(true);
  await until(() => !isAlive(pids[0]));
  expect(isAlive(pids[1])).toBe(true);
});

test('a connection that nobody uses is closed, one with a call under way is not', async () => {
  const pool = poolOf({ idle: well, busy: stdioServer('hostile.mjs', '--mode', 'hang') }, 200);
  const [idle, busy] = await Promise.all([pool.acquire('a', 'idle'), pool.acquire('a', 'busy')]);
  const call = failure(busy.call('poke', {}, callOptions({ timeout: 1500 })));
  await until(() => idle.closed);
  expect(busy.closed).toBe(false);
  expect(await call).toMatchObject({ code: 'TOOL_TIMEOUT' });
  await until(() => busy.closed);
});

test('after closeAll nothing is opened any more', async () => {
  const pool = poolOf({ well });
  const connection = await pool.acquire('a', 'well');
  await pool.closeAll();
  expect(connection.closed).toBe(true);
  expect(await failure(pool.acquire('a', 'well'))).toMatchObject({ code: 'WORKER_LOST', sent: false });
});

test('a lease is one connection, and no other: not of another session, not of the next opening', async () => {
  const pool = poolOf({ well });
  const first = await pool.acquire('a', 'well');
  const lease = first.lease ?? '';
  expect(await pool.held({ sessionId: 'a', server: 'well', lease })).toBe(first);
  expect(await failure(pool.held({ sessionId: 'b', server: 'well', lease }))).toMatchObject({
    code: 'LEASE_LOST',
    sent: false,
  });
  process.kill(await pidOf(first), 'SIGKILL');
  await until(() => first.closed);
  expect(await failure(pool.held({ sessionId: 'a', server: 'well', lease }))).toMatchObject({
    code: 'LEASE_LOST',
    sent: false,
  });
  const second = await pool.acquire('a', 'well');
  expect(second.lease).not.toBe(lease);
  expect(await failure(pool.held({ sessionId: 'a', server: 'well', lease }))).toMatchObject({
    code: 'LEASE_LOST',
    sent: false,
  });
});

test(
  'a pool that gives up what it holds closes what nobody uses, lets uses end, ' + 'and opens nothing any more',
  async () => {
    const shared = await journalOverHttp(false);
    const pool = poolOf({ well, shared });
    const [idle, used, common] = await Promise.all([
      pool.acquire('a', 'well'),
      pool.acquire('b', 'well'),
      pool.acquire('a', 'shared'),
    ]);
    const done = pool.use(used);
    const told: [string, boolean][] = [];
    await pool.release(async ({ sessionId, lease }) => {
      const connection = sessionId === 'a' ? idle : used;
      expect(lease).toBe(connection.lease);
      told.push([sessionId, connection.closed]);
    });
    expect(told.toSorted()).toEqual([
      ['a', true],
      ['b', false],
    ]);
    expect(await failure(pool.held({ sessionId: 'b', server: 'well', lease: used.lease ?? '' }))).toMatchObject({
      code: 'LEASE_LOST',
    });
    expect(await failure(pool.acquire('c', 'well'))).toMatchObject({ code: 'WORKER_LOST', sent: false });
    expect(await pool.acquire('c', 'shared')).toBe(common);
    await done();
    expect(used.closed).toBe(true);
  },
);
