import { existsSync } from 'node:fs';
import { isJSONRPCRequest } from '@modelcontextprotocol/client';
import type { JSONRPCMessage, RequestId, Transport } from '@modelcontextprotocol/client';
import { answeredBy, isCall, readMessage, RpcResponse, settled, type Settlement } from '../calls/settlement.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { excerpt, McpError } from '../error.ts';
import { LineReader, requestOf, type Line, type OversizeLine } from './lines.ts';
import { ServerProcess } from './process.ts';
import { SkipWatch } from './skip-watch.ts';
import type { StdioServer } from '../server.ts';

/** Lines in a row that are no messages, after which the process is taken for something else than an MCP server. */
const NOISE_LINES = 100;
/**
 * Bytes that may wait for a server that does not read: beyond the first bound its requests are dropped, beyond the
 * second ours are refused.
 */
const UNREAD_ANSWERS = 64 * 1024;
const UNREAD = 2 * LIMITS.messageBytes;
/** Milliseconds in which a process that closed its stdin is expected to end. */
const LAST_BREATH = 1000;

/**
 * MCP over the stdin and stdout of a process that may be hostile. Beyond the SDK's own transport it bounds what is
 * buffered in both directions, lets other connections breathe while one floods, tells noise from messages, and settles
 * every open request with the reason when the process ends.
 *
 * `pid` and `stderr` make the SDK recognise a stdio transport when it negotiates the protocol revision.
 */
export class StdioTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  readonly #server: StdioServer;
  readonly #lines = new LineReader(LIMITS.messageBytes);
  /** The requests without a response; `isCall`: it goes past the SDK. */
  readonly #open = new Map<RequestId, { readonly isCall: boolean }>();
  #process: ServerProcess | undefined;
  #noise: string[] = [];
  readonly #skip = new SkipWatch(() => this.#giveUpLine());
  /** Why the connection was given up, or how the process ended; or that it was closed. */
  failure: McpError | undefined;
  /** The same, but where it was closed before by whoever opened it. */
  fault: McpError | undefined;

  constructor(server: StdioServer) {
    this.#server = server;
  }

  /** Throws SERVER_UNAVAILABLE. */
  async start(): Promise<void> {
    try {
      this.#process = await ServerProcess.start(this.#server);
    } catch (error) {
      const { command, name, cwd } = this.#server;
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      const absent = existsSync(cwd) ? 'there is no such program' : 'there is no such folder';
      throw new McpError(
        'SERVER_UNAVAILABLE',
        `The command '${command}' of MCP server '${name}' cannot be started in ${cwd}: ` +
          `${isAbsent ? absent : excerpt(String(error))}.`,
        { sent: false, cause: error },
      );
    }
    this.#process.stdout.on('data', (chunk: Buffer) => void this.#receive(chunk));
    void this.#process.ended.then((how) => this.#ended(how));
  }

  /** Does the process serve one session alone? */
  get isOfSession(): boolean {
    return this.#server.shared !== true;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get stderr(): string {
    return this.#process?.stderrTail ?? '';
  }

  /** What the process said that is of use in an error message: its stderr, else its noise on stdout. */
  get lastWords(): string {
    if (this.stderr.trim() !== '') return ` Its last words on stderr: ${excerpt(this.stderr.trim().slice(-500))}`;
    return this.#noise[0] === undefined
      ? ''
      : ` It wrote to stdout, which is for messages only: ${excerpt(this.#noise[0])}`;
  }

  /** True if the process wrote lines that are no messages, and nothing else since. */
  get isNoisy(): boolean {
    return this.#noise.length > 0;
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#process?.stdin;
    if (stdin === undefined || !stdin.writable || this.failure !== undefined) throw this.#gone();
    if (stdin.writableLength > UNREAD) {
      throw new McpError('CONNECTION_LOST', `MCP server '${this.#server.name}' has stopped reading its input.`, {
        sent: false,
      });
    }
    if (isJSONRPCRequest(message)) this.#open.set(message.id, { isCall: isCall(message) });
    await new Promise<void>((resolve, reject) => {
      stdin.write(`${JSON.stringify(message)}\n`, (error) => (error ? this.#afterEnd(() => reject(error)) : resolve()));
    });
  }

  async close(): Promise<void> {
    const message = `The connection to MCP server '${this.#server.name}' was closed.`;
    this.failure ??= new McpError('CONNECTION_LOST', message, { sent: true });
    await this.#process?.stop();
  }

  /** A broken stdin mostly means that the process ends, and how it ends says more. */
  #afterEnd(then: () => void): void {
    const timer = setTimeout(then, LAST_BREATH);
    void this.#process?.ended.then(() => {
      clearTimeout(timer);
      then();
    });
  }

  #gone(): McpError {
    const { code, message } = this.failure ?? {
      code: 'CONNECTION_LOST' as const,
      message: `MCP server '${this.#server.name}' is not running.`,
    };
    return new McpError(code, message, { sent: false });
  }

  /** Takes one chunk, then leaves the event loop to others for as long as that took. */
  async #receive(chunk: Buffer): Promise<void> {
    if (this.failure !== undefined) return;
    const started = performance.now();
    const stdout = this.#process?.stdout.pause();
    for (const line of this.#lines.read(chunk)) {
      if (this.failure !== undefined) break;
      this.#take(line);
      // The SDK hears of progress one microtask late: an answer right behind would make it forget whose progress it is.
      await Promise.resolve();
    }
    this.#skip.look(this.#lines.skipped);
    const spent = performance.now() - started;
    if (spent < 1) setImmediate(() => stdout?.resume());
    else setTimeout(() => stdout?.resume(), spent);
  }

  #take(line: Line): void {
    if (line.kind === 'oversize') return this.#oversize(line);
    if (line.text.trim() === '') return;
    let parsed: unknown;
    try {
      parsed = JSON.parse(line.text);
    } catch {
      return this.#noisy(line.text);
    }
    const answered = answeredBy(parsed, (id) => this.#open.has(id));
    if (answered === undefined) return this.#pass(line.text, parsed);
    this.#noise = [];
    if (this.#open.get(answered)?.isCall)
      return this.#settle(answered, new RpcResponse(line.text, parsed as Record<string, unknown>));
    const message = readMessage(parsed);
    if (message === undefined)
      return this.#settle(answered, this.#error('SERVER_PROTOCOL_ERROR', 'gave an answer that is no message'));
    this.#open.delete(answered);
    this.#deliver(message);
  }

  /** What answers no open request. */
  #pass(line: string, parsed: unknown): void {
    const message = readMessage(parsed);
    if (message === undefined) return this.#noisy(line);
    this.#noise = [];
    if (isJSONRPCRequest(message) && (this.#process?.stdin.writableLength ?? 0) > UNREAD_ANSWERS) return;
    this.#deliver(message);
  }

  #deliver(message: JSONRPCMessage): void {
    try {
      this.onmessage?.(message);
    } catch (error) {
      this.onerror?.(error as Error);
    }
  }

  #noisy(line: string): void {
    this.#noise.push(excerpt(line));
    if (this.#noise.length < NOISE_LINES) return;
    const what = `wrote ${NOISE_LINES} lines that are not messages of the protocol`;
    this.#fail(this.#error('SERVER_PROTOCOL_ERROR', what, this.lastWords));
  }

  #error(code: ErrorCode, what: string, words = ''): McpError {
    return new McpError(code, `MCP server '${this.#server.name}' ${what}.${words}`, { sent: true });
  }

  /** An answer that is too large ends its own request only, if it can be told which that is. */
  #oversize(line: OversizeLine): void {
    const named = requestOf(line);
    if (named === null) return;
    if (named !== undefined && this.#open.has(named)) return this.#settle(named, this.#tooLarge(line.bytes, true));
    const [only, ...others] = this.#open.keys();
    if (only !== undefined && others.length === 0) return this.#settle(only, this.#tooLarge(line.bytes, false));
    this.#fail(this.#tooLarge(line.bytes, false));
  }

  #tooLarge(bytes: number, answered: boolean): McpError {
    return new McpError(
      'RESULT_TOO_LARGE',
      `MCP server '${this.#server.name}' sent a message of ${bytes} bytes; ${LIMITS.messageBytes} is the limit.`,
      { sent: true, answered },
    );
  }

  /** An oversize line that does not end, in bytes or in time, ends the connection. */
  #giveUpLine(): void {
    if (this.failure === undefined) this.#fail(this.#tooLarge(this.#lines.skipped, false));
  }

  #fail(error: McpError): void {
    this.fault = this.failure = error;
    this.#settleAll(error);
    this.#process?.kill();
  }

  #ended(how: string): void {
    this.#skip.stop();
    const what = `The process of MCP server '${this.#server.name}' ${how}.${this.lastWords}`;
    if (this.failure === undefined) this.#fail(new McpError('CONNECTION_LOST', what, { sent: true }));
    else this.#settleAll(this.failure);
    this.onclose?.();
  }

  #settleAll(error: McpError): void {
    for (const id of this.#open.keys()) this.#settle(id, error);
  }

  #settle(id: RequestId, by: Settlement): void {
    this.#open.delete(id);
    this.#deliver(settled(id, by));
  }
}
