import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Span } from './rules.ts';
import { type Answered, type Asked, serve, type ThreadData, type ThreadHit } from './thread.ts';

/** Milliseconds that one text may take; one of 64 KiB takes about one. */
const LIMIT = 5000;

/** Something that was found, by the name of its rule. */
export interface Hit extends Span {
  readonly rule: string;
}

/** What secretlint calls its rules, where a better name stands in markers. */
const NAMES: { readonly [id: string]: string } = {
  AWSAccessKeyID: 'aws-access-key-id',
  AWSSecretAccessKey: 'aws-secret-access-key',
  AWSAccountID: 'aws-account-id',
  BasicAuth: 'password-in-url',
  IncomingWebhook: 'slack-webhook',
  OPENAI_TOKEN: 'openai-key',
  OPS_TOKEN: '1password-token',
  NPM_ACCESS_TOKEN: 'npm-token',
  Npmrc_authToken: 'npm-token',
  PackageJSON_xOauthToken: 'github-token',
  MongoDBConnection: 'password-in-url',
  MySQLConnection: 'password-in-url',
  PostgreSQLConnection: 'password-in-url',
  PrivateKey: 'private-key',
  PrivateKeyJSON: 'private-key',
};

export const nameOfRule = (id: string): string => NAMES[id] ?? id.toLowerCase().replace(/[^a-z0-9]+/g, '-');

/** What documentation writes for a token: one character again and again behind its prefix. */
const PLACEHOLDER = /^(?:[\w.-]{0,20}[_.-])?(.)\1{15,400}$/;

interface Waiting extends Asked {
  readonly resolve: (hits: readonly Hit[]) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  isReady: boolean;
}

/**
 * Secretlint's recommended rules, in a thread of their own: some of them can be made slow by a text, and then nothing
 * else waits. Started with the first text. One after the other; neither waiting nor the start uses up time.
 */
export class SecretlintThread {
  readonly #limit: number;
  readonly #waiting: Waiting[] = [];
  #thread: Thread | undefined;
  #now: (Waiting & { readonly timer: NodeJS.Timeout }) | undefined;
  #isClosed = false;

  constructor({ limit = LIMIT }: { readonly limit?: number } = {}) {
    this.#limit = limit;
  }

  /** Throws where it took too long, or cannot be done. */
  find(text: string): Promise<readonly Hit[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text, resolve, reject });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#drop();
    this.#fail('the worker stops');
    this.#next();
  }

  #next(): void {
    if (this.#isClosed) for (const { reject } of this.#waiting.splice(0)) reject(new Error('the worker stops'));
    if (this.#now || this.#waiting.length === 0) return;
    const { worker, isReady } = (this.#thread ??= this.#start());
    const next = isReady ? this.#waiting.shift() : undefined;
    if (!next) return;
    // Where this process itself stood still, the answer may be there: it is heard before an immediate runs.
    const timer = setTimeout(() => setImmediate(() => this.#late(timer)), this.#limit);
    this.#now = { ...next, timer };
    worker.postMessage({ text: next.text } satisfies Asked);
  }

  #start(): Thread {
    const { resolve } = createRequire(import.meta.url);
    const urlOf = (name: string): string => pathToFileURL(resolve(name)).href;
    const workerData: ThreadData = {
      core: urlOf('@secretlint/core'),
      preset: urlOf('@secretlint/secretlint-rule-preset-recommend'),
    };
    const worker = new Worker(`(${serve.toString()})()`, { eval: true, workerData });
    // Nobody waits for a thread that has nothing to do; while it has, a timer is set.
    worker.unref();
    const thread = { worker, isReady: false };
    worker.on('error', (error) => {
      // One that does not even start would not start for the next text either.
      if (!thread.isReady) for (const { reject } of this.#waiting.splice(0)) reject(error as Error);
      this.#giveUp(String(error));
    });
    worker.on('message', (answer: Answered) => {
      if (answer.type === 'ready') {
        thread.isReady = true;
        this.#next();
      } else if (answer.type === 'error') this.#fail(answer.why);
      else this.#settle(answer.hits);
    });
    return thread;
  }

  #late(timer: NodeJS.Timeout): void {
    if (this.#now?.timer === timer) this.#giveUp(`it took longer than ${this.#limit / 1000} s`);
  }

  /** The thread may be anywhere in its work: the next text has another. */
  #giveUp(why: string): void {
    void this.#drop();
    this.#fail(why);
  }

  async #drop(): Promise<void> {
    const worker = this.#thread?.worker;
    this.#thread = undefined;
    worker?.removeAllListeners();
    worker?.on('error', () => undefined);
    await worker?.terminate();
  }

  #take(): Waiting | undefined {
    const now = this.#now;
    this.#now = undefined;
    clearTimeout(now?.timer);
    return now;
  }

  #settle(hits: readonly ThreadHit[]): void {
    const now = this.#take();
    const isOne = ({ start, end }: ThreadHit): boolean => !PLACEHOLDER.test(now?.text.slice(start, end) ?? '');
    now?.resolve(hits.filter(isOne).map(({ id, start, end }) => ({ rule: nameOfRule(id), start, end })));
    this.#next();
  }

  #fail(why: string): void {
    this.#take()?.reject(new Error(why));
    this.#next();
  }
}
