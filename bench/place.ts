import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startEmbeddedTemporal } from '../cli/temporal/embedded.ts';
import { Custody } from '../client/custody.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/searchAttributes.ts';

const JOURNAL = fileURLToPath(new URL('../../test/servers/journal.mjs', import.meta.url));
const WORKER = fileURLToPath(new URL('./worker.js', import.meta.url));

export const AGENT: SessionSpec = { agent: { id: 'bench', version: '1' }, profile: 'standard', servers: ['journal'] };

/**
 * Where the benchmarks of sessions that last play: a dev server, an MCP server that counts, and workers, each a process
 * of its own.
 */
export interface Place {
  readonly custody: Custody;
  startWorker(maxCached: number): Promise<BenchWorker>;
  /** Idempotency keys of the calls that the MCP server has begun, in order. */
  begun(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface BenchWorker {
  /** Resident memory of the process, after its garbage was collected as far as can be asked for, in KiB. */
  memory(): Promise<number>;
  /** A planned stop. */
  stop(): Promise<void>;
}

export async function openPlace(): Promise<Place> {
  const temporal = await startEmbeddedTemporal({
    headless: true,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    log: (line) => console.error(line),
  });
  const dir = await mkdtemp(join(tmpdir(), 'custody-bench-'));
  const journal = join(dir, 'journal.jsonl');
  const server = spawn(process.execPath, [JOURNAL, '--journal', journal, '--http', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  await writeFile(
    join(dir, 'custody.yaml'),
    JSON.stringify({
      servers: { journal: { url } },
      tools: { 'journal.lookup': { effect: 'read-only' }, 'journal.append': { effect: 'irreversible' } },
      profiles: { standard: { session: { maxCalls: 50_000 } } },
    }),
  );
  const custody = await Custody.connect({ address: temporal.address, store: join(dir, 'payloads'), actor: 'bench' });
  return {
    custody,
    startWorker: (maxCached) => startWorker(temporal.address, dir, maxCached),
    async begun() {
      const lines = (await readFile(journal, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((text) => JSON.parse(text) as { phase: string; idempotencyKey: string });
      return lines.filter(({ phase }) => phase === 'begin').map(({ idempotencyKey }) => idempotencyKey);
    },
    async close() {
      await custody.close();
      server.kill();
      await temporal.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function startWorker(address: string, dir: string, maxCached: number): Promise<BenchWorker> {
  const child = fork(WORKER, [address, dir, String(maxCached)], { execArgv: ['--expose-gc'] });
  await answer(child);
  return {
    async memory() {
      child.send('memory');
      return (await answer(child)) as number;
    },
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** The next message of a worker. Fails when it ends instead. */
async function answer(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the worker ended with ${String(code)}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  ended.catch(() => undefined);
  return message;
}
