import { AsyncLocalStorage } from 'node:async_hooks';
import { isJSONRPCRequest, isJSONRPCResponse, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type {
  JSONRPCMessage,
  JSONRPCRequest,
  RequestId,
  Transport,
  TransportSendOptions,
} from '@modelcontextprotocol/client';
import { Agent } from 'undici';
import type { ErrorCode } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { boundedFetch } from './bounded-fetch.ts';
import { McpError } from '../error.ts';
import { type OpenRequest, OpenRequests } from './open-requests.ts';
import type { HttpServer } from '../server.ts';

/** Milliseconds for what is no request: cancellations, answers to the server, the end of a protocol session. */
const NOTICE_TIMEOUT = 10_000;
const FAREWELL_TIMEOUT = 2000;
/** Answers to a server's own requests under way at once; its further requests are dropped. */
const ANSWERS_UNDER_WAY = 16;
/** Milliseconds between attempts to take up a broken stream again, whatever the server asks for. */
const RECONNECT = { least: 1000, most: 30_000 };

/**
 * The request on whose behalf the SDK fetches, none for the stream that belongs to no request; and whose request that
 * is. One for all connections: each such storage makes every promise of the process dearer.
 */
const scope = new AsyncLocalStorage<
  { readonly owner: object | undefined; readonly request?: OpenRequest } | undefined
>();

/**
 * MCP over Streamable HTTP with a server that may be hostile. Around the SDK's transport it bounds what is read of one
 * message, takes any response for one, settles a request when its stream ends without an answer, ends streams that are
 * of no more use, follows no redirect (each request is sent once), and closes itself when the server does not seem to
 * know the protocol session.
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
  readonly #open = new OpenRequests(
    (message) => this.onmessage?.(message),
    () => this.#error('SERVER_PROTOCOL_ERROR', 'gave an answer that is no message'),
  );
  #answersUnderWay = 0;
  #muted = false;
  failure: McpError | undefined;

  constructor(server: HttpServer) {
    this.#server = server;
    this.#inner = new StreamableHTTPClientTransport(new URL(server.url), {
      requestInit: { headers: server.headers, redirect: 'manual' },
      fetch: boundedFetch(this.#agent, () => {
        const request = scope.getStore()?.request;
        return {
          ...(request === undefined ? {} : { signal: request.abort.signal }),
          onStream: () => {
            if (request !== undefined) request.streaming = true;
          },
          onOversize: () => this.#oversize(request),
          onRefusal: (status) => {
            if (request !== undefined) request.status = status;
          },
          rewrite: (text) => this.#open.rewrite(text),
        };
      }),
      reconnectionScheduler: (reconnect, delay) => {
        const request = scope.getStore()?.request;
        if (request === undefined ? this.#muted : !this.#open.has(request)) return;
        const timer = setTimeout(reconnect, Math.min(Math.max(delay, RECONNECT.least), RECONNECT.most)).unref();
        return () => clearTimeout(timer);
      },
    });
    this.#inner.onclose = () => this.onclose?.();
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message) => this.#receive(message);
  }

  /** Does the server keep a protocol session, which serves one session alone? */
  get isOfSession(): boolean {
    return this.sessionId !== undefined;
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
    if (message.method === 'notifications/cancelled') this.#open.abort(message.params?.['requestId'] as RequestId);
    await this.#sendNotice(message, options);
  }

  async close(): Promise<void> {
    if (this.failure !== undefined) return;
    this.failure = new McpError('CONNECTION_LOST', `The connection to MCP server '${this.#server.name}' was closed.`, {
      sent: true,
    });
    this.#open.settleAll(this.failure);
    if (this.sessionId !== undefined)
      await Promise.race([this.#inner.terminateSession().catch(() => {}), pause(FAREWELL_TIMEOUT)]);
    await this.#inner.close();
    await this.#agent.destroy();
  }

  async #sendRequest(message: JSONRPCRequest, options: TransportSendOptions = {}): Promise<void> {
    const { requestSignal, ...rest } = options;
    const request = this.#open.add(message, this.owner, requestSignal);
    const onRequestStreamEnd = (): void => {
      if (options.onRequestStreamEnd === undefined)
        this.#open.settle(request, this.#error('CONNECTION_LOST', 'ended the stream of the request without an answer'));
      this.#open.drop(request);
      options.onRequestStreamEnd?.();
    };
    try {
      await this.#fetchFor(request, message, { ...rest, onRequestStreamEnd });
    } catch (error) {
      if (request.response !== undefined) this.#open.settle(request, request.response);
      this.#open.drop(request);
      throw error;
    } finally {
      if (this.#isForgotten(request)) void this.close();
    }
    if (request.streaming) return;
    this.#open.settle(
      request,
      this.#error('SERVER_PROTOCOL_ERROR', 'accepted the request over HTTP and did not answer it'),
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
    this.#open.receive(message);
  }

  #oversize(request: OpenRequest | undefined): void {
    if (request === undefined) this.#muted = true;
    else
      this.#open.settle(
        request,
        new McpError(
          'RESULT_TOO_LARGE',
          `MCP server '${this.#server.name}' sent a message of more than ${LIMITS.messageBytes} bytes, the limit.`,
          { sent: true, answered: true },
        ),
      );
  }

  /**
   * Does the server not know the protocol session any more? Revision 2025-11-25, Transports, Session Management,
   * demands 404; servers made after the SDK's first examples say 400, which may mean anything else. It says nothing on
   * whether the request was acted on, and costs the connection: the next call opens a new protocol session.
   */
  #isForgotten({ status, response }: OpenRequest): boolean {
    return this.sessionId !== undefined && (status === 404 || (status === 400 && response === undefined));
  }

  #error(code: ErrorCode, what: string): McpError {
    return new McpError(code, `MCP server '${this.#server.name}' ${what}.`, { sent: true });
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
