import { createRequire } from 'node:module';
import { mkdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, type ClientOptions } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import pino from 'pino';
import { installRuntime } from '../../worker/runtime.ts';
import { Harness, type HarnessOptions } from '../support/harness.ts';
import { temporalAddress } from '../support/temporal.ts';

const BINARY = fileURLToPath(new URL('../../dist/cli/custody.js', import.meta.url));
const { resolve } = createRequire(import.meta.url);

/** Of the protocol: 2025 is the handshake of 2025-11-25 and before, 2026 the stateless revision 2026-07-28. */
export type Generation = '2025' | '2026';

export interface Connected {
  readonly client: Client;
  readonly pid: number;
  /** What the command wrote on stderr so far. */
  stderr(): string;
}

/** A worker with the servers `everything`, `files` and `journal`, and MCP clients that start `custody mcp`. */
export class Desk {
  readonly harness: Harness;
  /** The folder that `files` may use. */
  readonly folder: string;
  readonly #clients: Client[] = [];

  private constructor(harness: Harness, folder: string) {
    this.harness = harness;
    this.folder = folder;
  }

  static async open(options: HarnessOptions = {}): Promise<Desk> {
    installRuntime(pino({ level: 'silent' }));
    const harness = await Harness.start(options);
    const folder = join(await realpath(harness.dir), 'files');
    await mkdir(folder);
    await harness.stopWorker();
    await harness.configure({
      servers: {
        everything: {
          command: process.execPath,
          args: [resolve('@modelcontextprotocol/server-everything/dist/index.js'), 'stdio'],
        },
        files: {
          command: process.execPath,
          args: [resolve('@modelcontextprotocol/server-filesystem/dist/index.js'), folder],
        },
        ...options.servers,
      },
    });
    await harness.startWorker();
    return new Desk(harness, folder);
  }

  /** A session that takes calls. */
  async session(...servers: string[]): Promise<string> {
    const { id } = await this.harness.custody.start(this.harness.spec({ servers }));
    await this.harness.until(id, ({ state }) => state === 'RUNNING');
    return id;
  }

  /** The path of a spec of a session on these servers. */
  async specFile(...servers: string[]): Promise<string> {
    const path = join(this.harness.dir, 'spec.json');
    await writeFile(path, JSON.stringify(this.harness.spec({ servers })));
    return path;
  }

  /**
   * What starts `custody mcp` on this desk, in the environment of a user: without what the runner of the tests puts
   * there.
   */
  command(...args: string[]): {
    readonly command: string;
    readonly args: string[];
    readonly env: Record<string, string>;
  } {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(
        (entry): entry is [string, string] =>
          entry[1] !== undefined && !/^(TEMPORAL_|VITEST|NODE_OPTIONS$|BASE_URL$|MODE$|DEV$|PROD$|SSR$)/.test(entry[0]),
      ),
    );
    return {
      command: process.execPath,
      args: [
        BINARY,
        'mcp',
        '--address',
        temporalAddress(),
        '--task-queue',
        this.harness.custody.taskQueue,
        '--actor',
        'agent',
        ...args,
      ],
      env,
    };
  }

  async connect(generation: Generation, args: readonly string[], options: ClientOptions = {}): Promise<Connected> {
    const transport = new StdioClientTransport({ ...this.command(...args), stderr: 'pipe' });
    let stderr = '';
    transport.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const client = new Client(
      { name: 'test', version: '1.0.0' },
      { versionNegotiation: { mode: generation === '2026' ? { pin: '2026-07-28' } : 'legacy' }, ...options },
    );
    this.#clients.push(client);
    await client.connect(transport);
    return { client, pid: transport.pid as number, stderr: () => stderr };
  }

  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.harness.stop();
  }
}
