import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { FetchLike } from '@modelcontextprotocol/client';
import { fetch as undiciFetch } from 'undici';
import type { Dispatcher, RequestInit as UndiciRequestInit } from 'undici';
import { LIMITS } from '../../protocol/limits.ts';
import { EventRewriter } from './events.ts';

/** What is read of the body of a refusal: it serves as an error message, or is a JSON-RPC error. */
const REFUSAL_BYTES = 64 * 1024;
/** Statuses whose responses have no body (Fetch Standard, "null body status"). */
const BODILESS = new Set([101, 103, 204, 205, 304]);

export interface FetchScope {
  /** Takes the place of the signal that the fetch is given, if set. */
  readonly signal?: AbortSignal;
  /** The response is an event stream. */
  onStream(): void;
  /** The status is no success. */
  onRefusal(status: number): void;
  /** A message of the response is larger than LIMITS.messageBytes; the body ends with an error. */
  onOversize(): void;
  /** The text of a message as the SDK shall read it. */
  rewrite(text: string): string;
}

/**
 * A fetch whose response bodies never make the worker hold more than LIMITS.messageBytes: a JSON body is bounded as a
 * whole, an event stream event by event. After each chunk the event loop is left to others for as long as the chunk
 * took. Bytes are counted after decompression. `begin` is called at once, in the caller's async context.
 *
 * A body that answers a request is given as a success and as JSON, whatever it is called: the SDK reads no other.
 */
export function boundedFetch(dispatcher: Dispatcher, begin: () => FetchScope): FetchLike {
  return async (url, init) => {
    const scope = begin();
    const response = await undiciFetch(url, {
      ...(init as unknown as UndiciRequestInit),
      ...(scope.signal === undefined ? {} : { signal: scope.signal }),
      dispatcher,
    });
    const { status, statusText, ok } = response;
    const headers = new Headers([...response.headers]);
    const given = { status, statusText, headers };
    if (!ok) scope.onRefusal(status);
    if (response.body === null || BODILESS.has(status)) return new Response(null, given);
    const body = response.body as ReadableStream<Uint8Array>;
    const type = headers.get('content-type') ?? '';
    if (ok && /^text\/event-stream\b/i.test(type)) {
      scope.onStream();
      return new Response(body.pipeThrough(events(scope)), given);
    }
    const text = await new Response(body.pipeThrough(ok ? whole(scope) : truncated())).text();
    const rewritten = scope.rewrite(text);
    if (rewritten === text) return new Response(text, given);
    headers.set('content-type', 'application/json');
    return new Response(rewritten, { status: 200, headers });
  };
}

/** A body of one message. */
function whole(scope: FetchScope): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return bounded(scope, (chunk) => ({ largest: (bytes += chunk.length), given: chunk }));
}

function events(scope: FetchScope): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  const rewriter = new EventRewriter((data) => scope.rewrite(data));
  return bounded(
    scope,
    (chunk) => {
      const given = encoder.encode(rewriter.write(decoder.decode(chunk, { stream: true })));
      return { largest: rewriter.largest, given };
    },
    () => encoder.encode(rewriter.end()),
  );
}

function bounded(
  scope: FetchScope,
  take: (chunk: Uint8Array) => { readonly largest: number; readonly given: Uint8Array },
  end: () => Uint8Array = () => new Uint8Array(),
): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    async transform(chunk, controller) {
      const started = performance.now();
      const { largest, given } = take(chunk);
      if (largest > LIMITS.messageBytes) {
        scope.onOversize();
        controller.error(new RangeError(`message of more than ${LIMITS.messageBytes} bytes`));
        return;
      }
      if (given.length > 0) controller.enqueue(given);
      await nextTurn();
      const spent = performance.now() - started;
      if (spent >= 1) await sleep(spent);
    },
    flush(controller) {
      const rest = end();
      if (rest.length > 0) controller.enqueue(rest);
    },
  });
}

function truncated(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes <= REFUSAL_BYTES) controller.enqueue(chunk);
      else controller.terminate();
    },
  });
}
