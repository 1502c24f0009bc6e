import { randomUUID } from 'node:crypto';
import {
  type CallToolResult,
  type Client,
  type InputRequiredResult,
  type McpSubscription,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/client';
import type { FormResponse } from '../protocol/asks.ts';
import type { Json, JsonObject } from '../protocol/values/json.ts';
import {
  type CallAnswer,
  type CallOptions,
  LONGEST_TIMER,
  type McpConnection,
  type Progress,
  type Reply,
} from './connection.ts';
import { Dialogue } from './calls/dialogue.ts';
import { Dialogues } from './calls/dialogues.ts';
import { excerpt, McpError } from './error.ts';
import { openFailure } from './calls/failure.ts';
import type { HttpTransport } from './http/transport.ts';
import { inputOf, isInputRequired, readForm, readQuestion } from './calls/question.ts';
import type { StdioTransport } from './stdio/transport.ts';
import { AS_SENT, listTools } from './tools.ts';
import type { ListedTool, ToolEntry } from './tools.ts';

interface Listing {
  readonly tools: ReadonlyMap<string, ToolEntry>;
  /** A later change will be heard. */
  readonly isWatched: boolean;
}

/** A connection over a client of the SDK that has agreed on a revision. */
export class ClientConnection implements McpConnection {
  readonly sessionBound: boolean;
  readonly lease: string | undefined;
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
  readonly #dialogues = new Dialogues();

  /** `timeout` bounds a whole listing of tools, in milliseconds. */
  constructor(server: string, client: Client, transport: StdioTransport | HttpTransport, timeout: number) {
    this.sessionBound = !('sessionId' in transport) || transport.sessionId !== undefined;
    this.lease = this.sessionBound ? randomUUID() : undefined;
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

  call(tool: string, args: JsonObject, options: CallOptions): Promise<Reply> {
    return this.#converse(`tool '${tool}'`, options, (what, signal) =>
      this.#callTool(what, tool, args, options, signal),
    );
  }

  request(method: string, params: JsonObject, options: CallOptions): Promise<Reply> {
    return this.#converse(`'${method}'`, options, (what, signal) =>
      this.#request(what, method, params, options, signal),
    );
  }

  /**
   * The server asks for a form in mid-call. Throws what refuses it: over a connection of many sessions it must be told
   * which call it is about.
   */
  async ask(params: unknown, signal: AbortSignal): Promise<FormResponse> {
    const form = readForm('form', params);
    const owner = 'onBehalfOf' in this.#transport ? this.#transport.owner : undefined;
    if (owner === undefined && !this.sessionBound)
      throw new ProtocolError(ProtocolErrorCode.InvalidRequest, 'Nothing tells which call this is about.');
    return this.#dialogues.ask(form, owner instanceof Dialogue ? owner : undefined, signal);
  }

  /** The server wants something of its client that it does not get. It is noted with the call, where that is known. */
  refuse(method: string): void {
    const owner = 'onBehalfOf' in this.#transport ? this.#transport.owner : undefined;
    (owner instanceof Dialogue ? owner : this.#dialogues.only)?.refuse(method);
  }

  /** Makes a request in which the server may ask. */
  async #converse(
    subject: string,
    { signal, timeout, mayAsk = true }: CallOptions,
    send: (what: string, signal: AbortSignal) => Promise<Reply>,
  ): Promise<Reply> {
    const server = this.#server;
    const what = `${subject} of MCP server '${server}'`;
    if (signal.aborted)
      throw new McpError('CALL_CANCELLED', `The call of ${what} was cancelled before it was sent.`, { sent: false });
    if (this.closed)
      throw new McpError('CONNECTION_LOST', `The connection to MCP server '${server}' is closed.`, { sent: false });
    const dialogue: Dialogue = new Dialogue({
      server,
      what,
      mayAsk,
      send: (ends) => this.#used(() => send(what, ends)),
      isExcused: () => this.#dialogues.claim(dialogue),
      onEnd: () => this.#dialogues.delete(dialogue),
    });
    this.#dialogues.add(dialogue);
    const leg = (): Promise<Reply> => dialogue.leg({ signal, timeout });
    return 'onBehalfOf' in this.#transport ? this.#transport.onBehalfOf(dialogue, leg) : leg();
  }

  async #callTool(
    what: string,
    tool: string,
    args: JsonObject,
    { meta, onProgress, maxResultBytes, continues }: CallOptions,
    signal: AbortSignal,
  ): Promise<Reply> {
    // Given a definition, the SDK neither checks the answer against an older one nor sends a refused call again.
    const toolDefinition = this.#tools?.get(tool)?.definition ?? {
      name: tool,
      inputSchema: { type: 'object' as const },
    };
    const result: CallToolResult | InputRequiredResult = await this.#client.callTool(
      { name: tool, arguments: args, _meta: meta, ...(continues ? inputOf(continues) : {}) },
      {
        signal,
        timeout: LONGEST_TIMER,
        allowInputRequired: true,
        toolDefinition,
        ...(onProgress === undefined
          ? {}
          : { onprogress: ({ progress, total, message }) => onProgress(readProgress(progress, total, message)) }),
      },
    );
    return isInputRequired(result) ? readQuestion(what, result) : readAnswer(what, result, maxResultBytes);
  }

  /** The caller's `_meta` would stand for what the SDK and Custody say there. */
  async #request(
    what: string,
    method: string,
    params: JsonObject,
    { meta, maxResultBytes, continues }: CallOptions,
    signal: AbortSignal,
  ): Promise<Reply> {
    const given = { ...params, _meta: meta, ...(continues ? inputOf(continues) : {}) };
    const result = await this.#client.request({ method, params: given }, AS_SENT, {
      signal,
      timeout: LONGEST_TIMER,
      allowInputRequired: true,
    });
    return isInputRequired(result)
      ? readQuestion(what, result)
      : { raw: withinLimit(what, result as Json, maxResultBytes) };
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

  /**
   * Since revision 2026-07-28 a change of the tools is heard on a subscription only, and a server may end that at any
   * time.
   */
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
    const subscription = await this.#client
      .listen({ toolsListChanged: true }, { timeout: this.#timeout / 2 })
      .catch(() => undefined);
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
  return {
    progress,
    ...(total === undefined ? {} : { total }),
    ...(message === undefined ? {} : { message: excerpt(message) }),
  };
}

function readAnswer(
  what: string,
  result: { isError?: boolean | undefined; content: unknown; structuredContent?: unknown },
  maxResultBytes: number,
): CallAnswer {
  const { isError = false, content, structuredContent } = result;
  return withinLimit(
    what,
    {
      isError,
      content: content as Json,
      ...(structuredContent === undefined ? {} : { structuredContent: structuredContent as Json }),
    },
    maxResultBytes,
  );
}

function withinLimit<T>(what: string, answer: T, maxResultBytes: number): T {
  let bytes: number;
  try {
    bytes = Buffer.byteLength(JSON.stringify(answer));
  } catch (error) {
    // A RangeError: nested more deeply than anybody can write it down.
    throw new McpError(
      'SERVER_PROTOCOL_ERROR',
      `The answer to the call of ${what} cannot be kept as JSON: ${excerpt(String(error))}`,
      { sent: true, cause: error },
    );
  }
  if (bytes <= maxResultBytes) return answer;
  throw new McpError(
    'RESULT_TOO_LARGE',
    `The answer to the call of ${what} has ${bytes} bytes; ${maxResultBytes} is the limit.`,
    { sent: true, answered: true },
  );
}
