import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { freePort } from '../../cli/temporal/freePort.ts';

const BINARY = fileURLToPath(new URL('../../dist/cli/custody.js', import.meta.url));
const JOURNAL = fileURLToPath(new URL('../servers/journal.mjs', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Options {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly stdin?: string;
  /** Of Node.js, before the script. */
  readonly node?: readonly string[];
}

/** The environment of a user who has no settings of Temporal's, and no colours. */
function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const clean = Object.entries(process.env).filter(
    ([name]) => !/^(TEMPORAL_|CUSTODY_|FORCE_COLOR|NO_COLOR|VITEST|NODE_OPTIONS)/.test(name),
  );
  return {
    ...Object.fromEntries(clean),
    TEMPORAL_CONFIG_FILE: join(tmpdir(), 'no', 'temporal.toml'),
    CUSTODY_STORE: process.env.CUSTODY_STORE,
    ...extra,
  };
}

/** Starts the real command. */
export function spawnCustody(
  args: readonly string[],
  { env, cwd, node = [] }: Options = {},
): ChildProcess & {
  stdin: NonNullable<ChildProcess['stdin']>;
  stdout: NonNullable<ChildProcess['stdout']>;
  stderr: NonNullable<ChildProcess['stderr']>;
} {
  const child = spawn(process.execPath, [...node, BINARY, ...args], {
    env: environment(env),
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/**
 * What a test that failed leaves behind does not outlive its file; hooks that stop processes in order run before this
 * one.
 */
const running = new Set<ChildProcess>();
afterAll(() => running.forEach((child) => child.kill('SIGKILL')));

/** Runs the real command to its end. */
export async function custody(args: readonly string[], options: Options = {}): Promise<Ended> {
  const child = spawnCustody(args, options);
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}

/** A `custody worker` or `custody dev` in the background. */
export interface Background {
  readonly pid: number;
  /** What it said with --json once it ran. */
  readonly said: { readonly [key: string]: unknown };
  /** What it wrote on stderr so far. */
  stderr(): string;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

export async function inBackground(args: readonly string[], options: Options = {}): Promise<Background> {
  const child = spawnCustody([...args, '--json'], options);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([first]) => String(first)),
    ended.then(() => undefined),
  ]);
  if (line === undefined) throw new Error(`custody ${args.join(' ')} ended:\n${errors}`);
  return {
    pid: child.pid!,
    said: JSON.parse(line) as { [key: string]: unknown },
    stderr: () => errors,
    kill: (signal) => void child.kill(signal),
    stop: () => (child.kill('SIGTERM'), ended),
    ended,
  };
}

export interface Folder {
  readonly path: string;
  /** Of the operator's file in it. */
  readonly config: string;
  /** Where workers keep their state. */
  readonly state: string;
  write(name: string, content: string | object): Promise<string>;
  remove(): Promise<void>;
}

/**
 * A folder with an operator's file: the server `journal`, and the profiles `standard` and `brief` (a deadline after
 * some seconds).
 *
 * @param rules of profile `standard`, in Cedar; what they do not speak for is allowed
 */
export async function operatorFolder(rules?: string): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'custody-cli-'));
  const write = async (name: string, content: string | object): Promise<string> => {
    await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
    return join(path, name);
  };
  if (rules !== undefined) await write('rules.cedar', rules);
  const config = await write('custody.yaml', {
    ...(rules === undefined ? {} : { policies: { standard: { rules: ['rules.cedar'], default: 'allow' } } }),
    servers: { journal: { command: process.execPath, args: [JOURNAL, '--journal', join(path, 'journal.jsonl')] } },
    tools: {
      'journal.lookup': { effect: 'read-only' },
      'journal.upsert': { effect: 'idempotent' },
      'journal.append': { effect: 'irreversible', timeout: '3s' },
    },
    profiles: { standard: {}, brief: { session: { timeout: '1s', gracePeriod: '10m', warning: '500ms' } } },
  });
  return { path, config, state: join(path, 'state'), write, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A session spec for it. */
export const spec = (fields: object = {}): object => ({
  agent: { id: 'clerk', version: '1.0.0' },
  profile: 'standard',
  servers: ['journal'],
  ...fields,
});

export { freePort };
