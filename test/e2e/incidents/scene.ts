import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import type { SessionHandle } from '../../../client/index.ts';
import { Harness, type HarnessOptions } from '../../support/harness.ts';
import { samples } from '../../activities/scan/samples.ts';

const RAW = fileURLToPath(new URL('../../servers/raw.mjs', import.meta.url));

/** Made up; its name in findings is `github-token`. */
export const SECRET = samples()[0]?.secret ?? '';
export const REDACTED = '[redacted: github-token]';

const started: Harness[] = [];
afterEach(async () => {
  for (const harness of started.splice(0)) await harness.stop();
});

/** A worker that keeps its payloads beside its file. */
export async function sceneOf(options: HarnessOptions): Promise<Harness> {
  const harness = await Harness.start({ ...options, config: { ...options.config, store: { folder: './payloads' } } });
  started.push(harness);
  return harness;
}

/** A server that answers as told, and what it was asked. */
export const saying = (results: { readonly [method: string]: object }, calls: string) => ({
  raw: {
    command: process.execPath,
    args: [
      RAW,
      '--results',
      JSON.stringify(Object.fromEntries(Object.entries(results).map(([name, each]) => [name, JSON.stringify(each)]))),
      '--calls',
      calls,
    ],
  },
});

/** All that stays of a session: its history, and what its worker has on disk, as text. */
export async function allThatStays(harness: Harness, session: SessionHandle): Promise<string> {
  const { events } = await harness.custody.temporal.workflow.getHandle(session.id).fetchHistory();
  const parts: string[] = [];
  const walk = (value: unknown): void => {
    if (value instanceof Uint8Array) parts.push(Buffer.from(value).toString('utf8'));
    else if (typeof value === 'string') parts.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(walk);
  };
  walk(events);
  for (const folder of ['state', 'payloads'])
    for (const file of await filesIn(join(harness.dir, folder))) parts.push(await readFile(file, 'utf8'));
  return parts.join('\n');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
