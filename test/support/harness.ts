import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { Custody } from '../../client/custody.ts';
import { loadOperatorConfig } from '../../config/operator.ts';
import type { SessionSpec } from '../../protocol/spec.ts';
import type { SessionView } from '../../protocol/view.ts';
import { createWorker, type CustodyWorker, type WorkerOptions } from '../../worker/worker.ts';
import { type JournalEntry, JournalFile } from './journal.ts';
import { logToConsole } from './sdkLog.ts';
import { temporalAddress } from './temporal.ts';
import { until } from './until.ts';

const JOURNAL = fileURLToPath(new URL('../servers/journal.mjs', import.meta.url));

export interface HarnessOptions {
  /** Governance profile `standard`, in the form of the file. */
  readonly profile?: object;
  readonly servers?: object;
  readonly tools?: object;
  /** Rules of the profile, in Cedar; what they do not speak for is allowed unless `policy` says otherwise. */
  readonly rules?: string;
  readonly policy?: object;
  /** More of custody.yaml, and files beside it. */
  readonly config?: object;
  readonly files?: Readonly<Record<string, object | string>>;
  readonly worker?: Partial<WorkerOptions>;
  readonly address?: string;
  /** Of the client. */
  readonly keys?: readonly string[];
}

/**
 * A worker in this process with a real MCP server that keeps a journal, and a client: what most tests of sessions need.
 */
export class Harness {
  readonly dir: string;
  readonly custody: Custody;
  private readonly options: HarnessOptions;
  private readonly taskQueue: string;
  private worker: { readonly worker: CustodyWorker; readonly running: Promise<void> } | undefined;

  private constructor(dir: string, custody: Custody, options: HarnessOptions) {
    this.dir = dir;
    this.custody = custody;
    this.options = options;
    this.taskQueue = custody.taskQueue;
  }

  static async start(options: HarnessOptions = {}): Promise<Harness> {
    const dir = await mkdtemp(join(tmpdir(), 'custody-'));
    const custody = await Custody.connect({
      address: options.address ?? temporalAddress(),
      actor: 'tester',
      taskQueue: dir.slice(dir.lastIndexOf('custody-')),
      keys: options.keys ?? [],
    });
    const harness = new Harness(dir, custody, options);
    for (const [name, content] of Object.entries(options.files ?? {})) await harness.write(name, content);
    await harness.configure({});
    await harness.startWorker();
    return harness;
  }

  /** Writes custody.yaml anew; a worker started from now on runs under it. */
  async configure(changes: {
    readonly profile?: object;
    readonly servers?: object;
    readonly tools?: object;
    readonly rules?: string;
    readonly policy?: object;
  }): Promise<void> {
    const rules = changes.rules ?? this.options.rules;
    if (rules !== undefined) await writeFile(join(this.dir, 'rules.cedar'), rules);
    const policy = { rules: ['rules.cedar'], default: 'allow', ...this.options.policy, ...changes.policy };
    const config = {
      servers: {
        journal: { command: process.execPath, args: [JOURNAL, '--journal', this.journalFile] },
        ...this.options.servers,
        ...changes.servers,
      },
      tools: {
        'journal.lookup': { effect: 'read-only' },
        'journal.big': { effect: 'read-only' },
        'journal.upsert': { effect: 'idempotent' },
        'journal.append': { effect: 'irreversible' },
        ...this.options.tools,
        ...changes.tools,
      },
      profiles: { standard: changes.profile ?? this.options.profile ?? {} },
      ...(rules === undefined ? {} : { policies: { standard: policy } }),
      ...this.options.config,
    };
    await writeFile(join(this.dir, 'custody.yaml'), JSON.stringify(config));
  }

  /** Writes a file beside custody.yaml. */
  write(name: string, content: object | string): Promise<void> {
    return writeFile(join(this.dir, name), typeof content === 'string' ? content : JSON.stringify(content));
  }

  async startWorker(options: Partial<WorkerOptions> = {}): Promise<void> {
    logToConsole();
    const worker = await createWorker({
      config: await loadOperatorConfig(join(this.dir, 'custody.yaml')),
      connection: { address: this.options.address ?? temporalAddress() },
      namespace: 'default',
      log: pino({ level: 'silent' }),
      name: 'tester',
      taskQueue: this.taskQueue,
      stateDir: join(this.dir, 'state'),
      ...this.options.worker,
      ...options,
    });
    this.worker = { worker, running: worker.run() };
  }

  /** Answers with the metrics of the worker that runs, as its health listener would. */
  get metrics(): CustodyWorker['metrics'] {
    return this.worker?.worker.metrics;
  }

  async stopWorker(): Promise<void> {
    this.worker?.worker.stop();
    await this.worker?.running;
    this.worker = undefined;
  }

  async stop(): Promise<void> {
    await this.stopWorker();
    await this.custody.close();
    await rm(this.dir, { recursive: true, force: true });
  }

  /** A session that runs. */
  async running(rest: Partial<SessionSpec> = {}): Promise<string> {
    const { id } = await this.custody.start(this.spec(rest));
    await this.until(id, ({ state }) => state === 'RUNNING');
    return id;
  }

  spec(rest: Partial<SessionSpec> = {}): SessionSpec {
    return { agent: { id: 'tester', version: '1.0.0' }, profile: 'standard', servers: ['journal'], ...rest };
  }

  get journalFile(): string {
    return join(this.dir, 'journal.jsonl');
  }

  /** What the MCP server wrote down, in order. */
  journal(): readonly JournalEntry[] {
    return new JournalFile(this.journalFile).entries();
  }

  /** The phases of the calls of a text at the journal server, in order: `begin end` is one that ran once. */
  phasesOf(said: string): string {
    return this.journal()
      .filter(({ args }) => args.text === said)
      .map(({ phase }) => phase)
      .join(' ');
  }

  /** Lets all calls end that were made with this `gate`. */
  open(gate: string): void {
    new JournalFile(this.journalFile).open(gate);
  }

  /** The session once it is as asked for. */
  until(id: string, is: (view: SessionView) => boolean, what = 'the session is as expected'): Promise<SessionView> {
    return until(what, async () => {
      const view = await this.custody.session(id).describe();
      return is(view) && view;
    });
  }
}

/** As `until`, with its arguments the other way round. */
export const eventually = <T>(
  ask: () => Promise<T | undefined> | T | undefined,
  what: string,
  limit?: number,
): Promise<Exclude<NonNullable<T>, false>> => until<T | undefined>(what, ask, limit);
