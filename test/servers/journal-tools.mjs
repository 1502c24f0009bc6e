import { closeSync, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** The key in `_meta` that carries Custody's idempotency key. */
export const IDEMPOTENCY_KEY = 'io.custody/idempotency-key';

/**
 * @typedef {{ progressToken?: string | number, [key: string]: unknown }} Meta
 * @typedef {{ signal: AbortSignal, notify(notification: { method: string, params: object }): Promise<void> }} Context
 * @typedef {{ content: { type: 'text', text: string }[], structuredContent?: object, isError?: boolean }} Result
 */

/** @typedef {Record<string, { type: string, minimum?: number }>} Properties */
/** Milliseconds between two looks for a gate. */
const LOOK = 25;

/**
 * How long a call lasts: some milliseconds, or until its gate is open.
 * @type {Properties}
 */
const delay = { delayMs: { type: 'integer', minimum: 0 }, gate: { type: 'string' } };
/** @param {Properties} properties @param {string[]} required */
const object = (properties, required = []) => ({ type: /** @type {const} */ ('object'), properties, required });

/**
 * The tools, as they are listed under every revision.
 * @type {{ name: string, description: string, inputSchema: ReturnType<typeof object>, annotations?: Record<string,
 * boolean> }[]}
 */
export const TOOLS = [
  {
    name: 'append',
    description: 'Appends a text. Cannot be undone.',
    inputSchema: object({ text: { type: 'string' }, ...delay }, ['text']),
    annotations: { destructiveHint: true, idempotentHint: false },
  },
  {
    name: 'lookup',
    description: 'Looks a key up.',
    inputSchema: object({ key: { type: 'string' }, ...delay }, ['key']),
    annotations: { readOnlyHint: true },
  },
  {
    name: 'upsert',
    description: 'Sets a key to a value.',
    inputSchema: object({ key: { type: 'string' }, value: { type: 'string' }, ...delay }, ['key', 'value']),
    annotations: { idempotentHint: true },
  },
  { name: 'fail', description: 'Fails, as a tool may.', inputSchema: object({}) },
  {
    name: 'big',
    description: 'Answers with so many bytes of text.',
    inputSchema: object({ bytes: { type: 'integer', minimum: 0 } }, ['bytes']),
    annotations: { readOnlyHint: true },
  },
];

/**
 * A gate is open once there is a file of its name, beside the journal: whoever tests decides when a call may end.
 * @param {string} file
 * @param {AbortSignal} signal
 */
async function opened(file, signal) {
  while (!existsSync(file)) await sleep(LOOK, undefined, { signal });
}

/** @param {string} text @returns {Result} */
const text = (text) => ({ content: [{ type: 'text', text }] });

/**
 * The tools over a journal that outlives the process: one JSON line when a call arrives, one before its answer, one if
 * it is cancelled, each on disk before anything else happens.
 */
export class Journal {
  #file;
  #descriptor;
  /** @type {Map<string, string>} */
  #values = new Map();

  /** @param {string} file */
  constructor(file) {
    this.#file = file;
    this.#descriptor = openSync(file, 'a');
    process.on('exit', () => closeSync(this.#descriptor));
  }

  /**
   * @param {string} tool
   * @param {Record<string, any>} args
   * @param {Meta} meta
   * @param {Context} context
   * @returns {Promise<Result>}
   */
  async call(tool, args, meta, { signal, notify }) {
    const entry = { tool, idempotencyKey: meta[IDEMPOTENCY_KEY], args, meta };
    this.#write('begin', entry);
    if (meta.progressToken !== undefined) {
      await notify({
        method: 'notifications/progress',
        params: { progressToken: meta.progressToken, progress: 1, total: 2, message: 'begun' },
      });
    }
    try {
      await sleep(args.delayMs ?? 0, undefined, { signal });
      if (args.gate !== undefined) await opened(`${this.#file}.${args.gate}`, signal);
    } catch (error) {
      this.#write('cancelled', entry);
      throw error;
    }
    const result = this.#run(tool, args);
    this.#write('end', entry);
    return result;
  }

  /** @param {string} tool @param {Record<string, any>} args @returns {Result} */
  #run(tool, args) {
    switch (tool) {
      case 'append':
        return text(`appended ${args.text}`);
      case 'lookup':
        return {
          ...text(this.#values.get(args.key) ?? ''),
          structuredContent: { value: this.#values.get(args.key) ?? null },
        };
      case 'upsert':
        this.#values.set(args.key, args.value);
        return text(`set ${args.key}`);
      case 'fail':
        return { ...text('failed as asked'), isError: true };
      case 'big':
        return text('x'.repeat(args.bytes));
      default:
        throw Object.assign(new Error(`no tool ${tool}`), { code: -32602 });
    }
  }

  /** @param {'begin' | 'end' | 'cancelled'} phase @param {object} entry */
  #write(phase, entry) {
    writeSync(
      this.#descriptor,
      `${JSON.stringify({ phase, ...entry, pid: process.pid, at: new Date().toISOString() })}\n`,
    );
    fsyncSync(this.#descriptor);
  }
}
