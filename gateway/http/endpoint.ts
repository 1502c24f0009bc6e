import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { LRUCache } from 'lru-cache';
import type { SessionHandle } from '../../client/index.ts';
import { type Caller, holderOf } from '../auth/caller.ts';
import type { Seals } from '../auth/seals.ts';
import { Served } from '../mcp/served.ts';
import { Arrival } from './arrival.ts';
import type { Message } from './message.ts';
import { type LegacyClient, LegacyClients } from '../legacy/clients.ts';
import { LegacySessions } from '../legacy/sessions.ts';

/** Streams on which one caller hears of changes in one session. */
const SUBSCRIPTIONS = 16;
/** Requests by which a client comes, and is told what it comes to. */
const COMING: ReadonlySet<string | undefined> = new Set(['initialize', 'server/discover']);

export interface EndpointOptions {
  /** In the name of the caller. */
  readonly session: SessionHandle;
  readonly caller: Caller;
  readonly version: string;
  readonly seals: Seals;
  /** Of this process. */
  readonly ended: LRUCache<string, true>;
  readonly parkAfter: number | undefined;
  /** Aborted when the process is about to stop. */
  readonly hurry: AbortSignal;
  readonly onTrouble: (message: string) => void;
}

/**
 * A session as one caller reaches it over HTTP. What it holds can be made anew at any time, here or in another process:
 * that spares looking up what is offered for each request, and no more.
 */
export class Endpoint {
  /** Of the session. */
  readonly id: string;
  readonly #served: Served;
  readonly #handler: McpHttpHandler;
  readonly #arrival: Arrival;
  readonly #legacy: LegacySessions;
  /** What has to be known of a request before its server is made. */
  readonly #messages = new WeakMap<Request, { readonly message: Message; readonly client: LegacyClient | undefined }>();
  #inUse = 0;
  #isLeft = false;

  constructor({ session, caller, version, seals, ended, parkAfter, hurry, onTrouble }: EndpointOptions) {
    const keeper = { seals, subject: holderOf(caller, session.id) };
    this.#legacy = new LegacySessions(session, keeper, new LegacyClients(caller, seals, ended));
    const served = new Served({
      session,
      version,
      keeper,
      parkAfter,
      hurry,
      onTrouble,
      onListsChanged: () => {
        const { notify } = this.#handler;
        notify.toolsChanged();
        notify.promptsChanged();
        notify.resourcesChanged();
        this.#legacy.listsChanged();
      },
    });
    this.id = session.id;
    this.#served = served;
    this.#arrival = new Arrival(session, caller);
    this.#handler = createMcpHandler(
      async ({ era, requestInfo }) => {
        const { message, client } = (requestInfo && this.#messages.get(requestInfo)) ?? {};
        const instructions = COMING.has(message?.method) ? await served.instructions(false) : '';
        return served.server(instructions, era === 'modern', client && this.#legacy.known(client));
      },
      { maxSubscriptions: SUBSCRIPTIONS, onerror: ({ message }) => onTrouble(message) },
    );
  }

  /**
   * Answers a request.
   *
   * @param message undefined for one without a body
   * @throws CustodyError MCP_SESSION_UNKNOWN; where the session does not take the caller for whom the gateway says it
   *   is
   */
  async answer(request: Request, message: Message | undefined): Promise<Response> {
    const client = await this.#legacy.clientOf(request, message);
    if (message && !COMING.has(message.method)) await this.#arrival.noted();
    const answered = client && (await this.#legacy.answer(client, request, message));
    if (answered) return answered;
    if (!message) return this.#handler.fetch(request);
    this.#messages.set(request, { message, client });
    const response = await this.#handler.fetch(request, { parsedBody: message.value });
    return message.method === 'initialize' ? this.#legacy.begin(response, request, message) : response;
  }

  /** The session takes no calls any more, as last seen. */
  get hasEnded(): boolean {
    return this.#served.hasEnded;
  }

  /** It is needed until what this returns is called. */
  use(): () => void {
    this.#inUse += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#inUse -= 1;
      if (this.#isLeft && this.#inUse === 0) void this.#close();
    };
  }

  /** Nobody comes to it any more: it ends with the last request. */
  leave(): void {
    this.#isLeft = true;
    if (this.#inUse === 0) void this.#close();
  }

  async #close(): Promise<void> {
    this.#legacy.close();
    await Promise.allSettled([this.#handler.close(), this.#served.close()]);
  }
}
