import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, afterEach, expect } from 'vitest';
import type { McpConnection } from '../../mcp/connection.ts';
import type { CallOptions } from '../../mcp/calls/call.ts';
import { McpError } from '../../mcp/error.ts';
import { openConnection, type OpenOptions } from '../../mcp/open.ts';
import type { ResolvedServer } from '../../mcp/server.ts';
import { startHttpServer, type RunningServer } from '../servers/start.ts';

export const MEGABYTE = 1024 * 1024;
export const log = { debug: () => {}, warn: () => {} };

const connections: McpConnection[] = [];
const servers: RunningServer[] = [];
const folders: string[] = [];

/** Opens a connection that is closed after the test. */
export async function open(server: ResolvedServer, options: Partial<OpenOptions> = {}): Promise<McpConnection> {
  const connection = await openConnection(server, {
    signal: new AbortController().signal,
    timeout: 10_000,
    log,
    ...options,
  });
  connections.push(connection);
  return connection;
}

/** Starts an HTTP server that is killed after the test. */
export async function serve(file: string, args: readonly string[], port = 0): Promise<RunningServer> {
  const server = await startHttpServer(file, args, port);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
  await Promise.all(servers.splice(0).map((server) => server.kill()));
});

afterAll(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

export async function scratchFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'custody-mcp-'));
  folders.push(folder);
  return folder;
}

export const callOptions = (options: Partial<CallOptions> = {}): CallOptions => ({
  signal: new AbortController().signal,
  timeout: 10_000,
  meta: {},
  maxResultBytes: 10 * MEGABYTE,
  ...options,
});

/** The McpError that a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<McpError> {
  const outcome = await promise.then(
    () => 'no error',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(McpError);
  return outcome as McpError;
}

/** Waits until a condition holds; fails after `timeout` milliseconds. */
export async function until(condition: () => boolean | Promise<boolean>, timeout = 5000): Promise<void> {
  await expect.poll(condition, { timeout, interval: 20 }).toBe(true);
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Runs `work` and answers by how many bytes the resident memory of this process grew at most meanwhile. */
export async function peakGrowth(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let peak = before;
  const probe = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 5);
  try {
    await work();
  } finally {
    clearInterval(probe);
  }
  return peak - before;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that this process cannot let go of. */
function liveBytes(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export interface Load {
  readonly calls: number;
  /** By how much the live memory had grown in the midst of the flood. */
  readonly growth: number;
}

/** Calls a well-behaved server without pause until `flood` is over. */
export async function callBeside(flood: Promise<unknown>, server: ResolvedServer): Promise<Load> {
  const other = await open(server);
  const before = liveBytes();
  const midst = performance.now() + 1000;
  let isOver = false;
  void flood.then(() => (isOver = true));
  let [calls, growth] = [0, 0];
  while (!isOver) {
    await other.call('poke', {}, callOptions());
    calls += 1;
    if (growth === 0 && performance.now() > midst) growth = liveBytes() - before;
  }
  return { calls, growth };
}

export interface JournalEntry {
  readonly phase: 'begin' | 'end' | 'cancelled';
  readonly tool: string;
  readonly idempotencyKey?: string;
  readonly meta: Readonly<Record<string, unknown>>;
  readonly pid: number;
}

export const readJournal = (file: string): JournalEntry[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JournalEntry);

/** What the text of an answer's first content block says, as JSON. */
export const answeredJson = (answer: object): any =>
  JSON.parse(((answer as { content: unknown }).content as { text: string }[])[0]?.text ?? '');
