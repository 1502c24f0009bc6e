import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../cli/temporal/freePort.ts';
import type { Place } from './place.ts';

const EVERYTHING = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-everything/dist/index.js');
const JOURNAL = fileURLToPath(new URL('../../../test/servers/journal.mjs', import.meta.url));

/** server-everything over stdio, as an entry of custody.yaml: a process for each session. */
export const EVERYTHING_STDIO = { command: process.execPath, args: [EVERYTHING, 'stdio'] } as const;

/** server-everything over Streamable HTTP, in protocol sessions; settles when it answers. */
export async function startEverything(place: Place): Promise<{ readonly url: string }> {
  const port = await freePort();
  const child = spawn(process.execPath, [EVERYTHING, 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  place.owns(() => end(child));
  const url = `http://127.0.0.1:${port}/mcp`;
  for (let attempt = 0; !(await answers(url)); attempt += 1) {
    if (attempt > 200 || child.exitCode !== null) throw new Error('server-everything does not answer');
    await delay(50);
  }
  return { url };
}

/** A server over Streamable HTTP, without protocol sessions, that knows what arrived. */
export interface JournalServer {
  readonly url: string;
  /** Idempotency keys of the calls that it has begun, in order. */
  begun(): Promise<readonly string[]>;
}

export async function startJournal(place: Place): Promise<JournalServer> {
  const journal = join(place.dir, 'journal.jsonl');
  const child = spawn(process.execPath, [JOURNAL, '--journal', journal, '--http', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  place.owns(() => end(child));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url: (JSON.parse(line) as { url: string }).url,
    async begun() {
      const lines = (await readFile(journal, 'utf8')).split('\n').filter(Boolean);
      const entries = lines.map((text) => JSON.parse(text) as { phase: string; idempotencyKey: string });
      return entries.filter(({ phase }) => phase === 'begin').map(({ idempotencyKey }) => idempotencyKey);
    },
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill();
  await exited;
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );
