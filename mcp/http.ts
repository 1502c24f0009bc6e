import { AsyncLocalStorage } from 'node:async_hooks';
import {
  isJSONRPCRequest,
  isJSONRPCResponse,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import type {
  JSONRPCMessage,
  JSONRPCRequest,
  RequestId,
  Transport,
  TransportSendOptions,
} from '@modelcontextprotocol/client';
import { Agent } from 'undici';
import { LIMITS } from '../protocol/limits.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { excerpt, McpError } from './error.ts';
import type { HttpServer } from './server.ts';
import { failureOf } from './unanswered.ts';

/** Milliseconds for what is no request: cancellations, answers to the server, the end of a protocol session. */
const NOTICE_TIMEOUT = 10_000;
const FAREWELL_TIMEOUT = 2000;
/** Milliseconds that a stream may stay open after it brought the answer. */
const LINGER = 1000;
/** Answers to a server's own requests under way at once; its further requests are dropped. */
const ANSWERS_UNDER_WAY = 16;
/** Milliseconds between attempts to take up a broken stream again, whatever the server asks for. */
const RECONNECT = { least: 1000, most: 30_000 };

interface OpenRequest {
  readonly id: RequestId;
  /**
   * Ends the exchange. The SDK is not given its signal: it would join it with the one of the transport, and such joint
   * signals are kept, some 500 bytes each, for as long as the transport lives (Node.js 20).
   */
  readonly abort: AbortController;
  /** See `onBehalfOf`. */
  readonly owner: object | undefined;
  /** The answer comes, if it comes, on an event stream that outlives `send`. */
  streaming: boolean;
}

/**
 * The request on whose behalf the SDK fetches, none for the stream that belongs to no request; and whose request that
 * is. One for all connections: each such storage makes every promise of the process dearer.
 */
const scope = new AsyncLocalStorage<
  { readonly owner: object | undefined; readonly request?: OpenRequest } | undefined
>();

/**
 * MCP over Streamable HTTP with a server that may be hostile. Around the SDK's transport it bounds what is read of one
 * message, settles a request when its stream ends without an answer, ends streams that are of no more use, and finds
 * out when the server has forgotten the protocol session.
 */
export class HttpTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: Transport['onmessage'];
  readonly hasPerRequestStream = true;
  readonly #server: HttpServer;
  readonly #inner: StreamableHTTPClientTransport;
  /** Tool timeouts are the session's business: undici's own limits of 5 minutes would cut long calls off. */
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  readonly #open = new Map<RequestId, OpenRequest>();
  #answersUnderWay = 0;
  #muted = false;
  failure: McpError | undefined;

  constructor(server: HttpServer) {
    this.#server = server;
    this.#inner = new StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: server.headers },
      fetch: boundedFetch(this.#agent, () => {
        const request = scope.getStore()?.request;
        return {
          ...(request === undefined ? {} : { signal: request.abort.signal }),
          onStream: () => {
            if (request !== undefined) request.streaming = true;
          },
          onOversize: () => this.#oversize(request),
        };
      }),
      reconnectionScheduler: (reconnect, delay) => {
        const request = scope.getStore()?.request;
        if (request === undefined ? this.#muted : !this.#open.has(request.id)) return;
        const timer = setTimeout(reconnect, Math.min(Math.max(delay, RECONNECT.least), RECONNECT.most)).unref();
        return () => clearTimeout(timer);
      },
    });
    this.#inner.onclose = () => this.onclose?.();
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message) => this.#receive(message);
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  /** Does work whose requests are `owner`'s. */
  onBehalfOf<T>(owner: object, work: () => T): T {
    return scope.run({ owner }, work);
  }

  /** Whose request brought the message that is being handled: it came on the stream of that request. */
  get owner(): object | undefined {
    return scope.getStore()?.owner;
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion(version);
  }

  async start(): Promise<void> {
    await this.#inner.start();
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (isJSONRPCRequest(message)) return this.#sendRequest(message, options);
    if (isJSONRPCResponse(message)) return this.#sendAnswer(message, options);
    // A revision with protocol sessions does not end the stream of a cancelled request; the server may never do so.
    if (message.method === 'notifications/cancelled')
      this.#open.get(message.params?.['requestId'] as RequestId)?.abort.abort();
    await this.#sendNotice(message, options);
  }

  async close(): Promise<void> {
    if (this.failure !== undefined) return;
    this.failure = new McpError('CONNECTION_LOST', `The connection to MCP server '${this.#server.name}' was closed.`, {
      sent: true,
    });
    this.#settleAll(this.failure);
    if (this.sessionId !== undefined)
      await Promise.race([this.#inner.terminateSession().catch(() => {}), pause(FAREWELL_TIMEOUT)]);
    await this.#inner.close();
    await this.#agent.destroy();
  }

  async #sendRequest(message: JSONRPCRequest, options: TransportSendOptions = {}): Promise<void> {
    const abort = new AbortController();
    const { requestSignal, ...rest } = options;
    requestSignal?.addEventListener('abort', () => abort.abort(), { once: true });
    const request: OpenRequest = { id: message.id, abort, owner: this.owner, streaming: false };
    this.#open.set(message.id, request);
    abort.signal.addEventListener('abort', () => this.#open.delete(message.id), { once: true });
    const onRequestStreamEnd = (): void => {
      if (options.onRequestStreamEnd === undefined)
        this.#settle(request, this.#lost('ended the stream of the request without an answer'));
      this.#open.delete(message.id);
      options.onRequestStreamEnd?.();
    };
    try {
      await this.#fetchFor(request, message, { ...rest, onRequestStreamEnd });
    } catch (error) {
      const forgotten = this.#forgotten(error);
      if (forgotten !== undefined) this.#settle(request, forgotten);
      this.#open.delete(message.id);
      if (forgotten !== undefined) void this.close();
      throw error;
    }
    if (!request.streaming)
      this.#settle(
        request,
        new McpError(
          'SERVER_PROTOCOL_ERROR',
          `MCP server '${this.#server.name}' accepted the request over HTTP and did not answer it.`,
          { sent: true },
        ),
      );
  }

  async #sendAnswer(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    this.#answersUnderWay += 1;
    try {
      await this.#sendNotice(message, options);
    } finally {
      this.#answersUnderWay -= 1;
    }
  }

  async #sendNotice(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    await this.#fetchFor(undefined, message, { ...options, requestSignal: AbortSignal.timeout(NOTICE_TIMEOUT) });
  }

  #fetchFor(request: OpenRequest | undefined, message: JSONRPCMessage, options: TransportSendOptions): Promise<void> {
    const inner: Transport = this.#inner;
    return scope.run(request && { owner: request.owner, request }, () => inner.send(message, options));
  }

  #receive(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message) && this.#answersUnderWay >= ANSWERS_UNDER_WAY) return;
    const request = isJSONRPCResponse(message) && message.id !== undefined ? this.#open.get(message.id) : undefined;
    if (request !== undefined) this.#done(request);
    this.onmessage?.(message);
  }

  /** After its answer a stream has nothing to bring; the server should end it, and is made to. */
  #done(request: OpenRequest): void {
    this.#open.delete(request.id);
    if (request.streaming) setTimeout(() => request.abort.abort(), LINGER).unref();
  }

  #oversize(request: OpenRequest | undefined): void {
    if (request === undefined) this.#muted = true;
    else
      this.#settle(
        request,
        new McpError(
          'RESULT_TOO_LARGE',
          `MCP server '${this.#server.name}' sent a message of more than ${LIMITS.messageBytes} bytes, the limit.`,
          { sent: true, answered: true },
        ),
      );
  }

  /**
   * The error for a request whose protocol session the server does not know. It was not acted on, so it may be sent
   * again in a new session: revision 2025-11-25, Transports, Session Management, demands 404 for requests of a session
   * that was ended, and a new session in return. Servers made after the SDK's first examples say 400 and name the
   * session.
   */
  #forgotten(error: unknown): McpError | undefined {
    if (this.sessionId === undefined || !(error instanceof SdkHttpError)) return undefined;
    const { status, text } = error.data;
    if (status !== 404 && !(status === 400 && /session/i.test(String(text)))) return undefined;
    return new McpError(
      'CONNECTION_LOST',
      `MCP server '${this.#server.name}' does not know the protocol session any more (HTTP ${status}: ${excerpt(String(text ?? ''))}).`,
      { sent: false, cause: error },
    );
  }

  #lost(what: string): McpError {
    return new McpError('CONNECTION_LOST', `MCP server '${this.#server.name}' ${what}.`, { sent: true });
  }

  #settleAll(error: McpError): void {
    for (const request of this.#open.values()) this.#settle(request, error);
  }

  /** Ends a request that has no answer yet; does nothing for any other. */
  #settle(request: OpenRequest, error: McpError): void {
    if (!this.#open.delete(request.id)) return;
    this.onmessage?.(failureOf(request.id, error));
    request.abort.abort();
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
