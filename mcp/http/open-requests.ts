import type { JSONRPCMessage, JSONRPCRequest, RequestId } from '@modelcontextprotocol/client';
import { isJSONRPCResponse } from '@modelcontextprotocol/client';
import { isCall, settled, type Settlement } from '../calls/settlement.ts';
import type { McpError } from '../error.ts';
import { rewrite } from './rewrite.ts';

/** Milliseconds that a stream may stay open after it brought the answer. */
const LINGER = 1000;

export interface OpenRequest {
  readonly id: RequestId;
  /**
   * Ends the exchange. The SDK is not given its signal: it would join it with the one of the transport, and such joint
   * signals are kept, some 500 bytes each, for as long as the transport lives (Node.js 20).
   */
  readonly abort: AbortController;
  /** Whose it is. */
  readonly owner: object | undefined;
  /** Its response goes past the SDK. */
  readonly isCall: boolean;
  /** The answer comes, if it comes, on an event stream that outlives `send`. */
  streaming: boolean;
  /** The response, or why it is none: the SDK is given a stub for it. */
  response?: Settlement;
  /** HTTP's, where it is no success. */
  status?: number;
}

/** The requests of a connection that have no answer yet. */
export class OpenRequests {
  readonly #all = new Map<RequestId, OpenRequest>();
  readonly #deliver: (message: JSONRPCMessage) => void;
  readonly #unreadable: () => McpError;

  /**
   * @param deliver gives a message to the SDK
   * @param unreadable says that an answer is no message
   */
  constructor(deliver: (message: JSONRPCMessage) => void, unreadable: () => McpError) {
    this.#deliver = deliver;
    this.#unreadable = unreadable;
  }

  /** @param signal of the SDK, which ends the request */
  add(message: JSONRPCRequest, owner: object | undefined, signal: AbortSignal | undefined): OpenRequest {
    const abort = new AbortController();
    signal?.addEventListener('abort', () => abort.abort(), { once: true });
    abort.signal.addEventListener('abort', () => this.#all.delete(message.id), { once: true });
    const request = { id: message.id, abort, owner, isCall: isCall(message), streaming: false };
    this.#all.set(message.id, request);
    return request;
  }

  has({ id }: OpenRequest): boolean {
    return this.#all.has(id);
  }

  drop({ id }: OpenRequest): void {
    this.#all.delete(id);
  }

  abort(id: RequestId): void {
    this.#all.get(id)?.abort.abort();
  }

  /** What the SDK is to read in the place of a text of the server. */
  rewrite(text: string): string {
    const settle = (id: RequestId, by: Settlement): void => {
      const request = this.#all.get(id);
      if (request !== undefined) request.response = by;
    };
    return rewrite(text, {
      isOpen: (id) => this.#all.has(id),
      isCall: (id) => this.#all.get(id)?.isCall === true,
      take: settle,
      giveUp: (id) => settle(id, this.#unreadable()),
    });
  }

  /** Takes what the SDK read, and gives it the response in the place of its stub. */
  receive(message: JSONRPCMessage): void {
    const request = isJSONRPCResponse(message) && message.id !== undefined ? this.#all.get(message.id) : undefined;
    if (request === undefined) return this.#deliver(message);
    this.#all.delete(request.id);
    // After its answer a stream has nothing to bring; the server should end it, and is made to.
    if (request.streaming) setTimeout(() => request.abort.abort(), LINGER).unref();
    this.#deliver(request.response === undefined ? message : settled(request.id, request.response));
  }

  /** Ends a request that has no answer yet; does nothing for any other. A response that came is its end. */
  settle(request: OpenRequest, by: Settlement): void {
    if (!this.#all.delete(request.id)) return;
    this.#deliver(settled(request.id, request.response ?? by));
    request.abort.abort();
  }

  settleAll(error: McpError): void {
    for (const request of this.#all.values()) this.settle(request, error);
  }
}
