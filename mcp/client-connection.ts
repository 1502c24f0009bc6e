import { randomUUID } from 'node:crypto';
import { type Client, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import { ASK_METHODS, type AskKind } from '../protocol/calls/questions.ts';
import { type LeftOut, type Offered, OFFERS } from '../protocol/calls/call.ts';
import type { JsonObject } from '../protocol/values/json.ts';
import { Dialogue } from './calls/dialogue.ts';
import { Dialogues } from './calls/dialogues.ts';
import { Levels } from './calls/levels.ts';
import { readLog } from './calls/log.ts';
import { readAsk } from './calls/question.ts';
import { callTool, request } from './calls/request.ts';
import { Subscriptions } from './calls/subscriptions.ts';
import type { McpConnection } from './connection.ts';
import type { CallOptions, Reply } from './calls/call.ts';
import { excerpt, McpError } from './error.ts';
import type { HttpTransport } from './http/transport.ts';
import { Listing } from './listing.ts';
import type { ResolvedServer } from './server.ts';
import type { StdioTransport } from './stdio/transport.ts';
import type { ToolEntry } from './tools.ts';

/** The error with which a client says no to a server. */
const DECLINED = -1;

/** A connection over a client of the SDK that has agreed on a revision. */
export class ClientConnection implements McpConnection {
  readonly sessionBound: boolean;
  readonly lease: string | undefined;
  readonly #server: string;
  readonly #client: Client;
  readonly #transport: StdioTransport | HttpTransport;
  readonly #listing: Listing;
  readonly #kinds: readonly AskKind[];
  #underWay = 0;
  #lastUse = performance.now();
  readonly #dialogues = new Dialogues();
  readonly #levels: Levels;
  readonly #subscriptions: Subscriptions;

  /**
   * @param server its name, and what it may ask
   * @param timeout bounds a whole listing of tools, in milliseconds
   */
  constructor(
    { name: server, mayAsk }: Pick<ResolvedServer, 'name' | 'mayAsk'>,
    client: Client,
    transport: StdioTransport | HttpTransport,
    timeout: number,
  ) {
    this.#kinds = mayAsk ?? ['form'];
    this.sessionBound = transport.isOfSession;
    this.lease = this.sessionBound ? randomUUID() : undefined;
    this.#server = server;
    this.#client = client;
    this.#transport = transport;
    this.#listing = new Listing(server, client, timeout);
    this.#levels = new Levels(client);
    this.#subscriptions = new Subscriptions(client);
  }

  get protocolVersion(): string {
    return this.#client.getNegotiatedProtocolVersion() ?? '';
  }

  get protocolSession(): string | undefined {
    return 'sessionId' in this.#transport ? this.#transport.sessionId : undefined;
  }

  get offers(): readonly Offered[] {
    const declared = this.#client.getServerCapabilities() ?? {};
    return OFFERS.filter((each) => declared[each] !== undefined);
  }

  get leftOut(): readonly LeftOut[] {
    return this.#listing.leftOut;
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
    this.#listing.forget();
  }

  async tools({ again = false }: { readonly again?: boolean } = {}): Promise<ReadonlyMap<string, ToolEntry>> {
    if (again) this.forgetTools();
    return this.#listing.known === undefined ? this.#used(() => this.#listing.tools()) : this.#listing.tools();
  }

  call(tool: string, args: JsonObject, options: CallOptions): Promise<Reply> {
    const known = this.#listing.known?.get(tool)?.definition ?? { name: tool, inputSchema: { type: 'object' } };
    // Without its output schema: a result that does not keep to it is still the answer to a call that was made.
    const { outputSchema: _, ...definition } = known;
    return this.#converse(`tool '${tool}'`, options, (what, signal) =>
      callTool({ client: this.#client, kinds: this.#kinds, what, options, signal }, args, definition),
    );
  }

  request(method: string, params: JsonObject, options: CallOptions): Promise<Reply> {
    return this.#converse(`'${method}'`, options, (what, signal) =>
      request({ client: this.#client, kinds: this.#kinds, what, options, signal }, method, params),
    );
  }

  /**
   * The server asks in mid-call. Throws what refuses it: over a connection of many sessions it must be told which call
   * it is about.
   */
  async ask(kind: AskKind, params: unknown, signal: AbortSignal): Promise<object> {
    const question = readAsk(kind, kind, params);
    const owner = 'onBehalfOf' in this.#transport ? this.#transport.owner : undefined;
    if (owner === undefined && !this.sessionBound)
      throw new ProtocolError(ProtocolErrorCode.InvalidRequest, 'Nothing tells which call this is about.');
    const response = await this.#dialogues.ask(question, owner instanceof Dialogue ? owner : undefined, signal);
    if ('result' in response) return response.result;
    if (kind === 'form') return response;
    throw new ProtocolError(DECLINED, `The client declined ${ASK_METHODS[kind]}.`);
  }

  /** The server wants something of its client that it does not get. It is noted with the call, where that is known. */
  refuse(method: string): void {
    const owner = 'onBehalfOf' in this.#transport ? this.#transport.owner : undefined;
    const only = this.sessionBound ? this.#dialogues.only : undefined;
    (owner instanceof Dialogue ? owner : only)?.refuse(method);
  }

  /**
   * The server logs something. It is heard by the call that it belongs to; where nothing tells which that is, by one of
   * the session whose process it is, and over a connection of many sessions by nobody.
   */
  log(params: unknown): void {
    const owner = 'onBehalfOf' in this.#transport ? this.#transport.owner : undefined;
    const only = this.sessionBound ? this.#dialogues.listening : undefined;
    const dialogue = owner instanceof Dialogue ? owner : only;
    if (!dialogue || !this.#dialogues.has(dialogue)) return;
    const log = readLog(params);
    if (log) dialogue.log(log);
  }

  /** A resource of the server changed. */
  updated(uri: string): void {
    this.#dialogues.updated(uri);
  }

  /** Makes a request in which the server may ask. */
  async #converse(
    subject: string,
    { signal, timeout, mayAsk = true, level, onLog, uris, onUpdate }: CallOptions,
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
      onLog: level === undefined ? undefined : onLog,
      onUpdate,
    });
    if (level !== undefined && this.sessionBound) await this.#levels.want(level, signal);
    if (uris) await this.#subscriptions.want(uris);
    this.#dialogues.add(dialogue);
    const leg = (): Promise<Reply> => dialogue.leg({ signal, timeout });
    return 'onBehalfOf' in this.#transport ? this.#transport.onBehalfOf(dialogue, leg) : leg();
  }

  async close(): Promise<void> {
    await this.#transport.close();
    await this.#client.close();
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
