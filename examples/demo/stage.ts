import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type EmbeddedTemporal, startEmbeddedTemporal } from '../../cli/temporal/embedded.ts';
import { freePort } from '../../cli/temporal/freePort.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { COST, PRICES } from './money.ts';
import { act, say } from './print.ts';
import { RULES } from './rules.ts';

/** The command. */
export const CUSTODY = fileURLToPath(new URL('../../cli/custody.js', import.meta.url));
const server = (name: string): string =>
  createRequire(import.meta.url).resolve(`@modelcontextprotocol/${name}/dist/index.js`);

/** What the demo plays on: a Temporal, two real MCP servers, a worker process. */
export interface Stage {
  readonly temporal: EmbeddedTemporal;
  /** The folder that the session's files are in. */
  readonly files: string;
  /** Folder of the payload store. */
  readonly store: string;
  /** Path of custody.yaml. */
  readonly config: string;
  /** Public key of what its workers seal. */
  readonly vkey: string;
  /** Prints the last lines that workers logged. */
  explain(): void;
  /** Ends the worker with SIGKILL, and starts another under the same name. */
  replaceWorker(): Promise<void>;
  stop(): Promise<void>;
}

export interface StageOptions {
  /** `host:port` of a Temporal that runs; one of the demo's own by default. */
  readonly address: string | undefined;
  readonly hasUi: boolean;
}

export async function startStage({ address, hasUi }: StageOptions): Promise<Stage> {
  const temporal = await startEmbeddedTemporal({
    address,
    headless: !hasUi,
    searchAttributes: Object.values(SEARCH_ATTRIBUTES),
    log: say,
  });
  const dir = await mkdtemp(join(tmpdir(), 'custody-demo-'));
  await mkdir(join(dir, 'files', '.trash'), { recursive: true });
  const port = await freePort();
  const everything = spawn(process.execPath, [server('server-everything'), 'streamableHttp'], {
    env: { ...process.env, PORT: String(port) },
    stdio: 'ignore',
  });
  await writeFile(join(dir, 'rules.cedar'), RULES);
  const keys = ['keys', 'evidence', '--name', 'demo.example', '--out', join(dir, 'evidence.key')];
  const { stdout: vkey } = await promisify(execFile)(process.execPath, [CUSTODY, ...keys]);
  await writeFile(join(dir, 'custody.yaml'), JSON.stringify(config(`http://127.0.0.1:${port}/mcp`), null, 2));
  await answers(`http://127.0.0.1:${port}/mcp`);
  const log: string[] = [];
  let worker = await startWorker(dir, temporal.address, log);
  return {
    explain: () => log.slice(-20).forEach((line) => say(line)),
    temporal,
    files: join(dir, 'files'),
    store: join(dir, 'payloads'),
    config: join(dir, 'custody.yaml'),
    vkey: vkey.trim(),
    async replaceWorker() {
      act(`kill -9 ${worker.pid}`, 'the worker');
      await kill(worker, 'SIGKILL');
      worker = await startWorker(dir, temporal.address, log);
    },
    async stop() {
      await kill(worker, 'SIGTERM');
      await kill(everything, 'SIGKILL');
      await temporal.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** One server is named twice, once for reads and once for jobs that must not run twice. */
const config = (url: string) => ({
  servers: {
    files: { command: process.execPath, args: [server('server-filesystem'), './files'] },
    research: { url },
    jobs: { url },
  },
  tools: {
    'files.read_text_file': { effect: 'read-only' },
    'files.list_directory': { effect: 'read-only' },
    'files.write_file': {
      undo: {
        before: { tool: 'read_text_file', args: { path: '${args.path}' }, notFound: 'ENOENT' },
        restore: { tool: 'write_file', args: { path: '${args.path}', content: '${before.content.0.text}' } },
        remove: { tool: 'move_file', args: { source: '${args.path}', destination: '.trash/${callKey}' } },
      },
    },
    'research.*': { effect: 'read-only', timeout: '15s' },
    'jobs.*': { effect: 'irreversible', timeout: '15s' },
  },
  profiles: { standard: { session: { timeout: '24h', autoResume: true }, cost: COST } },
  prices: PRICES,
  evidence: { archive: { folder: './evidence' }, sign: { fromFile: './evidence.key' }, keys: './evidence-keys' },
  policies: { standard: { rules: ['rules.cedar'], default: 'allow' } },
});

async function startWorker(dir: string, address: string, log: string[]): Promise<ChildProcess> {
  const args = [
    CUSTODY,
    'worker',
    '--config',
    join(dir, 'custody.yaml'),
    '--name',
    'demo',
    '--address',
    address,
    '--json',
  ];
  const child = spawn(process.execPath, args, {
    env: {
      ...process.env,
      CUSTODY_STATE_DIR: join(dir, 'state'),
      CUSTODY_STORE: join(dir, 'payloads'),
      CUSTODY_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface(child.stderr).on('line', (line) => log.push(line));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The worker ended at its start:\n${log.join('\n')}`);
  });
  await Promise.race([once(child.stdout, 'data'), ended]);
  ended.catch(() => undefined);
  act(`custody worker --name demo`, `pid ${child.pid}`);
  return child;
}

async function kill(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (
      await fetch(url).then(
        () => true,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No MCP server answers at ${url}.`);
}
