import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Custody, type SessionSpec } from '../../client/index.ts';
import type { Tuning } from '../../protocol/session-input.ts';
import { startHttpServer, startStandIn, type RunningServer } from '../servers/start.ts';
import { JournalFile } from './journal.ts';
import { startWorkerProcess, type Point, type WorkerProcess } from './processes/workerProcess.ts';

const JOURNAL_SERVER = fileURLToPath(new URL('../servers/journal.mjs', import.meta.url));

/** How long a lost worker is asked for its outcome in these tests, in milliseconds; 60 s for users. */
const RECALL_WAIT = 3000;

const TOOLS = {
  'journal.append': { effect: 'irreversible' },
  'journal.upsert': { effect: 'idempotent' },
  'journal.lookup': { effect: 'read-only' },
};

export type ServerKind = 'child' | 'apart' | 'sessions';

export interface SceneOptions {
  /** `host:port` of the Temporal to play on. */
  readonly address: string;
  /**
   * `child`: a stdio server, which dies with its worker. `apart`: an HTTP server, which outlives it; `sessions`: one
   * that keeps protocol sessions. Default `child`.
   */
  readonly server?: ServerKind;
  /** In custody.yaml, if anything. */
  readonly whenLost?: 'reopen' | 'pause';
  /** More of the governance profile, as YAML flow maps by block: `{ onRestart: '{ restore: false }' }`. */
  readonly profile?: { readonly [block: string]: string };
  /** More servers, as entries of custody.yaml, given the folder of the scene; and rules for their tools. */
  readonly servers?: (folder: string) => { readonly [name: string]: object };
  readonly tools?: { readonly [tool: string]: object };
  /** Rules of the profile, in Cedar; what they do not speak for is allowed. */
  readonly rules?: string;
  /** A list of principals. */
  readonly principals?: object;
  /** More of custody.yaml, by its keys. */
  readonly config?: { readonly [key: string]: object };
}

export interface WorkerOptions {
  readonly name?: string;
  /** False: it cannot see what workers before it left on disk, as on another machine. Default true. */
  readonly inherits?: boolean;
  readonly fault?: Point;
  /** Calls at once on the servers that it holds. */
  readonly maxCalls?: number;
}

/**
 * Where a test of faults plays: a task queue and a folder of its own, an MCP server `journal` with a journal on disk,
 * and as many workers as the test starts. Tools: `append` is irreversible, `upsert` idempotent, `lookup` read-only;
 * each takes `delayMs`, and a `gate` that `journal.open` opens.
 */
export class Scene {
  readonly custody: Custody;
  readonly journal: JournalFile;
  readonly #folder: string;
  readonly #address: string;
  readonly #workers: WorkerProcess[] = [];
  #server: RunningServer | undefined;
  #serverArgs: readonly string[] = [];

  private constructor(custody: Custody, address: string, folder: string) {
    this.custody = custody;
    this.#address = address;
    this.#folder = folder;
    this.journal = new JournalFile(join(folder, 'journal.jsonl'));
  }

  /** The caller ends it with `close`, which leaves no process behind. */
  static async open({
    address,
    server = 'child',
    whenLost,
    profile = {},
    servers = () => ({}),
    tools = {},
    rules,
    principals,
    config = {},
  }: SceneOptions): Promise<Scene> {
    const taskQueue = `faults-${randomBytes(6).toString('hex')}`;
    const folder = await mkdtemp(join(tmpdir(), 'custody-faults-'));
    const scene = new Scene(await Custody.connect({ address, taskQueue, actor: 'tester' }), address, folder);
    if (principals) await writeFile(join(folder, 'principals.yaml'), JSON.stringify({ principals }));
    if (rules !== undefined) await writeFile(join(folder, 'rules.cedar'), rules);
    const more = [
      ...(principals ? ['identity: { principals: principals.yaml }'] : []),
      ...(rules === undefined ? [] : ['policies: { standard: { rules: [rules.cedar], default: allow } }']),
      ...Object.entries(config).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
    ];
    await scene.#configure(server, profile, whenLost, servers(folder), tools, more);
    return scene;
  }

  async #configure(
    server: ServerKind,
    profile: { readonly [block: string]: string },
    whenLost: 'reopen' | 'pause' | undefined,
    servers: object,
    tools: object,
    more: readonly string[],
  ): Promise<void> {
    const lines = (entries: object): string[] =>
      Object.entries(entries).map(([name, entry]) => `  ${name}: ${JSON.stringify(entry)}`);
    this.#serverArgs = [
      '--journal',
      this.journal.path,
      ...(server === 'sessions' ? ['--revision', '2025-11-25', '--sessions', 'yes'] : []),
    ];
    if (server !== 'child') this.#server = await startHttpServer('journal.mjs', this.#serverArgs);
    const reached = this.#server
      ? { url: this.#server.server.url }
      : { command: process.execPath, args: [JOURNAL_SERVER, ...this.#serverArgs] };
    const entry = JSON.stringify({ ...reached, ...(whenLost === undefined ? {} : { whenLost }) });
    await writeFile(
      join(this.#folder, 'governance.yaml'),
      Object.entries({ session: '{ timeout: 1h, concurrency: 8 }', ...profile })
        .map(([block, value]) => `${block}: ${value}`)
        .join('\n'),
    );
    await writeFile(
      this.#config,
      [
        'servers:',
        `  journal: ${entry}`,
        ...lines(servers),
        'tools:',
        ...lines({ ...TOOLS, ...tools }),
        'profiles: { standard: ./governance.yaml }',
        ...more,
      ].join('\n'),
    );
  }

  /** Where custody.yaml and all that workers keep is. */
  get folder(): string {
    return this.#folder;
  }

  get #config(): string {
    return join(this.#folder, 'custody.yaml');
  }

  async worker({ name = 'alpha', inherits = true, fault, maxCalls }: WorkerOptions = {}): Promise<WorkerProcess> {
    const state = join(this.#folder, inherits ? 'state' : `state-${this.#workers.length}`);
    const worker = await startWorkerProcess({
      config: this.#config,
      address: this.#address,
      taskQueue: this.custody.taskQueue,
      name,
      state,
      fault,
      maxCalls,
    });
    this.#workers.push(worker);
    return worker;
  }

  /**
   * Kills the process of the server. One that is apart has another in its place at once; one that is a child is started
   * by its worker.
   *
   * @param pid of the child
   */
  async killServer(pid: number): Promise<void> {
    const old = this.#server;
    if (!old) return void process.kill(pid, 'SIGKILL');
    const { listening } = await startStandIn('journal.mjs', this.#serverArgs, Number(new URL(old.server.url).port));
    await old.kill();
    this.#server = await listening;
  }

  /** Starts a session. */
  start(spec: Partial<SessionSpec> = {}, tuning: Tuning = {}): Promise<string> {
    return this.custody
      .start(
        { agent: { id: 'tester', version: '1.0.0' }, profile: 'standard', servers: ['journal'], ...spec },
        { tuning: { recallWait: RECALL_WAIT, ...tuning } },
      )
      .then(({ id }) => id);
  }

  /** Starts a session and makes a first call on the worker that is there. */
  async session(spec: Partial<SessionSpec> = {}): Promise<string> {
    const id = await this.start(spec);
    await this.custody.session(id).call('journal.lookup', { key: 'first' }, { callId: 'first' });
    return id;
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.kill()));
    await this.#server?.kill();
    await this.custody.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
