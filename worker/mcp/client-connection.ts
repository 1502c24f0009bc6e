import type { Client, McpSubscription } from '@modelcontextprotocol/client';
import type { Json, JsonObject } from '../../session/json.ts';
import { formatSize } from '../../session/size.ts';
import type { CallAnswer, CallOptions, McpConnection, Progress } from './connection.ts';
import { excerpt, McpError } from './error.ts';
import { callFailure, openFailure } from './failure.ts';
import type { Exchange } from './failure.ts';
import type { HttpTransport } from './http.ts';
import type { StdioTransport } from './stdio.ts';
import { AS_SENT, listTools } from './tools.ts';
import type { ListedTool, ToolEntry } from './tools.ts';

/** The longest time that a Node.js timer can wait, in milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Listing {
  readonly tools: ReadonlyMap<string, ToolEntry>;
  /** A later change will be heard. */
  readonly isWatched: boolean;
}

/** A connection over a client of the SDK that has agreed on a revision. */
export class ClientConnection implements McpConnection {
  readonly sessionBound: boolean;
  readonly #server: string;
  readonly #client: Client;
  readonly #transport: StdioTransport | HttpTransport;
  readonly #timeout: number;
  #tools: ReadonlyMap<string, ToolEntry> | undefined;
  #listing: Promise<Listing> | undefined;
  #subscription: McpSubscription | undefined;
  #isDeaf = false;
  #underWay = 0;
  #lastUse = performance.now();

  /** `timeout` bounds a whole listing of tools, in milliseconds. */
  constructor(server: string, client: Client, transport: StdioTransport | HttpTransport, timeout: number) {
    this.sessionBound = !('sessionId' in transport) || transport.sessionId !== undefined;
    this.#server = server;
    this.#client = client;
    this.#transport = transport;
    this.#timeout = timeout;
    this.#watch(client.autoOpenedSubscription);
  }

  get protocolVersion(): string {
    return this.#client.getNegotiatedProtocolVersion() ?? '';
  }

  get serverName(): string {
    return excerpt(this.#client.getServerVersion()?.name ?? '', 200);
  }

  get closed(): boolean {
    return this.#transport.failure !== undefined || this.#client.transport === undefined;
  }

  get idleFor(): number {
    return this.#underWay > 0 ? 0 : performance.now() - this.#lastUse;
  }

  /** The server says that its tools changed. */
  forgetTools(): void {
    this.#tools = undefined;
    this.#listing = undefined;
  }

  async tools({ again = false }: { readonly again?: boolean } = {}): Promise<ReadonlyMap<string, ListedTool>> {
    if (again) this.forgetTools();
    if (this.#tools !== undefined) return this.#tools;
    const listing = (this.#listing ??= this.#list());
    try {
      const { tools, isWatched } = await listing;
      if (isWatched && this.#listing === listing) this.#tools = tools;
      return tools;
    } finally {
      if (this.#listing === listing) this.#listing = undefined;
    }
  }

  async call(tool: string, args: JsonObject, { signal, timeout, meta, onProgress, maxResultBytes }: CallOptions): Promise<CallAnswer> {
    const exchange = this.#exchange(`tool '${tool}'`, signal, timeout);
    // Given a definition, the SDK neither checks the answer against an older one nor sends a refused call again.
    const toolDefinition = this.#tools?.get(tool)?.definition ?? { name: tool, inputSchema: { type: 'object' as const } };
    return this.#used(async () => {
      const result = await this.#client
        .callTool({ name: tool, arguments: args, _meta: meta }, {
          signal,
          timeout: Math.min(timeout, LONGEST_TIMER),
          toolDefinition,
          ...(onProgress === undefined ? {} : { onprogress: ({ progress, total, message }) => onProgress(readProgress(progress, total, message)) }),
        })
        .catch((error: unknown) => {
          throw callFailure(error, exchange);
        });
      return readAnswer(exchange.what, result, maxResultBytes);
    });
  }

  async request(method: string, params: JsonObject, { signal, timeout, meta, maxResultBytes }: CallOptions): Promise<Json> {
    const exchange = this.#exchange(`'${method}'`, signal, timeout);
    return this.#used(async () => {
      // The caller's `_meta` would stand for what the SDK and Custody say there.
      const result = await this.#client.request({ method, params: { ...params, _meta: meta } }, AS_SENT, { signal, timeout: Math.min(timeout, LONGEST_TIMER) }).catch((error: unknown) => {
        throw callFailure(error, exchange);
      });
      return withinLimit(exchange.what, result as Json, maxResultBytes);
    });
  }

  /** Fails where nothing can be sent. */
  #exchange(subject: string, signal: AbortSignal, timeout: number): Exchange {
    const what = `${subject} of MCP server '${this.#server}'`;
    if (signal.aborted) throw new McpError('CALL_CANCELLED', `The call of ${what} was cancelled before it was sent.`, { sent: false });
    if (this.closed) throw new McpError('CONNECTION_LOST', `The connection to MCP server '${this.#server}' is closed.`, { sent: false });
    return { server: this.#server, what, signal, timeout };
  }

  async close(): Promise<void> {
    await this.#transport.close();
    await this.#client.close();
  }

  async #list(): Promise<Listing> {
    const signal = AbortSignal.timeout(this.#timeout);
    return this.#used(async () => {
      try {
        const isWatched = await this.#watchAgain();
        return { tools: await listTools(this.#client, this.#server, signal), isWatched };
      } catch (error) {
        throw openFailure(error, { server: this.#server, what: 'tools/list', signal, timeout: this.#timeout });
      }
    });
  }

  /** Since revision 2026-07-28 a change of the tools is heard on a subscription only, and a server may end that at any time. */
  #watch(subscription: McpSubscription | undefined): void {
    this.#subscription = subscription;
    void subscription?.closed.then(() => {
      this.#isDeaf = true;
      this.forgetTools();
    });
  }

  /** False if changes of the tools would not be heard, though they are when the server is well. */
  async #watchAgain(): Promise<boolean> {
    if (this.#subscription === undefined || !this.#isDeaf) return true;
    const subscription = await this.#client.listen({ toolsListChanged: true }, { timeout: this.#timeout / 2 }).catch(() => undefined);
    if (subscription === undefined) return false;
    this.#isDeaf = false;
    this.#watch(subscription);
    return true;
  }

  async #used<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      this.#lastUse = performance.now();
    }
  }
}

function readProgress(progress: number, total: number | undefined, message: string | undefined): Progress {
  return { progress, ...(total === undefined ? {} : { total }), ...(message === undefined ? {} : { message: excerpt(message) }) };
}

function readAnswer(what: string, result: { isError?: boolean | undefined; content: unknown; structuredContent?: unknown }, maxResultBytes: number): CallAnswer {
  const { isError = false, content, structuredContent } = result;
  return withinLimit(what, { isError, content: content as Json, ...(structuredContent === undefined ? {} : { structuredContent: structuredContent as Json }) }, maxResultBytes);
}

function withinLimit<T>(what: string, answer: T, maxResultBytes: number): T {
  let bytes: number;
  try {
    bytes = Buffer.byteLength(JSON.stringify(answer));
  } catch (error) {
    // A RangeError: nested more deeply than anybody can write it down.
    throw new McpError('SERVER_PROTOCOL_ERROR', `The answer to the call of ${what} cannot be kept as JSON: ${excerpt(String(error))}`, { sent: true, cause: error });
  }
  if (bytes <= maxResultBytes) return answer;
  throw new McpError('RESULT_TOO_LARGE', `The answer to the call of ${what} has ${bytes} bytes; ${formatSize(maxResultBytes)} is the limit (session.maxResult).`, { sent: true, answered: true });
}
