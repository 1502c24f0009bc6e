import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { makeToken, type NewToken } from '../../../cli/serve/makeToken.ts';
import { Harness, type HarnessOptions } from '../../support/harness.ts';
import { temporalAddress } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';

const BINARY = fileURLToPath(new URL('../../../dist/cli/custody.js', import.meta.url));
const HOUR = 3_600_000;

/** A `custody serve` in a process of its own. */
export interface ServeProcess {
  /** Without a path. */
  readonly url: string;
  /** Logs in to the console, once. */
  readonly link: string;
  readonly stderr: () => string;
  /** SIGKILL, unless it is gone already. */
  kill(): Promise<number | null>;
  /** SIGTERM: a planned stop. Fulfilled with the exit code. */
  stop(): Promise<number | null>;
}

export type Generation = '2026' | '2025' | 'v1';

/** A worker with the server that keeps a journal, API keys, and any number of gateways before it. */
export class House {
  readonly harness: Harness;
  readonly #open: { close(): Promise<unknown> }[] = [];

  private constructor(harness: Harness) {
    this.harness = harness;
  }

  static async open(options: HarnessOptions = {}, gateway: object = {}): Promise<House> {
    const secret = { fromFile: 'gateway.secret' };
    const config = { ...options.config, gateway: { tokens: 'tokens.json', secret, ...gateway } };
    const files = { 'gateway.secret': 'the same for every gateway of the house', ...options.files };
    return new House(await Harness.start({ ...options, config, files }));
  }

  get config(): string {
    return `${this.harness.dir}/custody.yaml`;
  }

  /** An API key. */
  async token(more: Partial<NewToken> = {}): Promise<{ readonly id: string; readonly token: string }> {
    return makeToken(this.config, { subject: 'desk-bot', role: ['agent'], expires: HOUR, ...more });
  }

  /** @param args of `custody serve` */
  async serve(...args: string[]): Promise<ServeProcess> {
    const globals = ['--address', temporalAddress(), '--task-queue', this.harness.custody.taskQueue];
    const all = [BINARY, 'serve', '--json', ...globals, '--config', this.config, '--port', '0', ...args];
    const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const { address: url, link } = await new Promise<{ address: string; link: string }>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
      child.once('exit', (code) => reject(new Error(`custody serve ended with ${code}: ${stderr}`)));
    });
    const end = (signal: NodeJS.Signals) => (): Promise<number | null> => ended(child, signal, exited);
    const gateway = { url, link, stderr: () => stderr, kill: end('SIGKILL'), stop: end('SIGTERM') };
    this.#open.push({ close: gateway.kill });
    return gateway;
  }

  /** A client of SDK v2 of this generation, connected. */
  async connect(url: string, token: string, generation: '2026' | '2025', options: ClientOptions = {}): Promise<Client> {
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      { versionNegotiation: { mode: generation === '2026' ? { pin: '2026-07-28' } : 'legacy' }, ...options },
    );
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: bearer(token) } }));
    this.#open.unshift(client);
    return client;
  }

  /** A client of SDK v1, which most clients are built on. */
  async connectOld(url: string, token: string): Promise<OldClient> {
    const client = new OldClient({ name: 'old', version: '1.0.0' });
    await client.connect(new OldTransport(new URL(url), { requestInit: { headers: bearer(token) } }) as never);
    this.#open.unshift(client);
    return client;
  }

  async close(): Promise<void> {
    for (const each of this.#open) await each.close().catch(() => undefined);
    await this.harness.stop();
  }
}

/**
 * The answer of a call, however long it takes: one that is parked is waited for, and one that found its connection
 * closed is made again, under its id.
 */
export async function answerOf(client: Client, call: { name: string; arguments: object; _meta: object }) {
  const wait = { name: 'custody_wait', arguments: { callId: (call._meta as Record<string, string>)[CALL_ID] } };
  let next = call as typeof wait;
  return until('an answer', async () => {
    const answer = await client.callTool(next).catch((error: Error) => {
      if (!error.message.includes('fetch failed')) throw error;
    });
    if (answer?._meta?.['io.custody/code'] !== 'CALL_PARKED') return answer;
    next = wait;
    return undefined;
  });
}

/** The name in `_meta` under which a call has its id. */
export const CALL_ID = 'io.custody/call-id';

export const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

async function ended(child: ChildProcess, signal: NodeJS.Signals, exited: Promise<number | null>) {
  child.kill(signal);
  return exited;
}
