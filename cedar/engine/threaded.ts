import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { getCedarVersion, type StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import type { CedarRequest } from '../request.ts';
import { cedarCall, type Engine, type Said, saidBy, unevaluated } from './engine.ts';
import { type Answer, type Request, serve, type ThreadData } from './thread.ts';
import { keepWasmApart } from './wasm.ts';

keepWasmApart();

/** Milliseconds that one evaluation may take; one takes a tenth of one. */
const LIMIT = 5000;

interface Asked {
  readonly call: StatefulAuthorizationCall;
  readonly resolve: (said: Said) => void;
}

interface Thread {
  readonly worker: Worker;
  isReady: boolean;
}

/**
 * Evaluates in a thread of its own, so that rules that take long hold up nothing else and can be stopped: what takes
 * longer than the limit is not evaluated. One after the other; neither waiting nor the start of a thread uses up time.
 */
export class ThreadedEngine implements Engine {
  readonly name = `cedar ${getCedarVersion()}`;
  readonly #limit: number;
  readonly #sets = new Map<string, Readonly<Record<string, string>>>();
  readonly #waiting: Asked[] = [];
  #thread: Thread | undefined;
  #now: (Asked & { readonly timer: NodeJS.Timeout }) | undefined;
  #isClosed = false;

  constructor({ limit = LIMIT }: { readonly limit?: number } = {}) {
    this.#limit = limit;
  }

  async prepare(set: string, rules: Readonly<Record<string, string>>): Promise<void> {
    this.#sets.set(set, rules);
    this.#thread?.worker.postMessage({ type: 'prepare', set, rules } satisfies Request);
  }

  ask(set: string, request: CedarRequest): Promise<Said> {
    return new Promise((resolve) => {
      this.#waiting.push({ call: cedarCall(set, request), resolve });
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#drop();
    this.#settle(unevaluated('the worker stops'));
  }

  #next(): void {
    if (this.#isClosed) for (const { resolve } of this.#waiting.splice(0)) resolve(unevaluated('the worker stops'));
    if (this.#now || this.#waiting.length === 0) return;
    const { worker, isReady } = (this.#thread ??= this.#start());
    const next = isReady ? this.#waiting.shift() : undefined;
    if (!next) return;
    // Where this process itself stood still, the answer may be there: it is heard before an immediate runs.
    const timer = setTimeout(() => setImmediate(() => this.#late(timer)), this.#limit);
    this.#now = { ...next, timer };
    worker.postMessage({ type: 'ask', call: next.call } satisfies Request);
  }

  #start(): Thread {
    const cedar = createRequire(import.meta.url).resolve('@cedar-policy/cedar-wasm/nodejs');
    const workerData: ThreadData = { cedar, sets: this.#sets };
    const worker = new Worker(`(${serve.toString()})()`, { eval: true, workerData });
    // Nobody waits for a thread that has nothing to do; while it has, a timer is set.
    worker.unref();
    const thread = { worker, isReady: false };
    worker.on('error', (error) => {
      const why = String(error);
      // One that does not even start would not start for the next request either.
      if (!thread.isReady) for (const { resolve } of this.#waiting.splice(0)) resolve(unevaluated(why));
      this.#giveUp(why);
    });
    worker.on('message', (answer: Answer) => {
      if (answer.type === 'ready') {
        thread.isReady = true;
        this.#next();
      } else if (answer.type === 'error') this.#giveUp(answer.why);
      else this.#settle(saidBy(answer));
    });
    return thread;
  }

  #late(timer: NodeJS.Timeout): void {
    if (this.#now?.timer === timer) this.#giveUp(`it took longer than ${this.#limit / 1000} s`);
  }

  /** The thread may be anywhere in its work, or what it has of Cedar may be broken: the next request has another. */
  #giveUp(why: string): void {
    void this.#drop();
    this.#settle(unevaluated(why));
  }

  async #drop(): Promise<void> {
    const worker = this.#thread?.worker;
    this.#thread = undefined;
    worker?.removeAllListeners();
    worker?.on('error', () => undefined);
    await worker?.terminate();
  }

  #settle(said: Said): void {
    const now = this.#now;
    this.#now = undefined;
    clearTimeout(now?.timer);
    now?.resolve(said);
    this.#next();
  }
}
