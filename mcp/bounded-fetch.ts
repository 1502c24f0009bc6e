import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { FetchLike } from '@modelcontextprotocol/client';
import { fetch as undiciFetch } from 'undici';
import type { Dispatcher, RequestInit as UndiciRequestInit } from 'undici';
import { LIMITS } from '../protocol/limits.ts';

/** What is read of the body of a refusal: it serves as an error message only. */
const REFUSAL_BYTES = 64 * 1024;
const LF = 0x0a;
const CR = 0x0d;
/** Statuses whose responses have no body (Fetch Standard, "null body status"). */
const BODILESS = new Set([101, 103, 204, 205, 304]);

export interface FetchScope {
  /** Takes the place of the signal that the fetch is given, if set. */
  readonly signal?: AbortSignal;
  /** The response is an event stream. */
  onStream(): void;
  /** A message of the response is larger than LIMITS.messageBytes; the body ends with an error. */
  onOversize(): void;
}

/**
 * A fetch whose response bodies never make the worker hold more than LIMITS.messageBytes: a JSON body is bounded as a
 * whole, an event stream event by event. After each chunk the event loop is left to others for as long as the chunk
 * took. Bytes are counted after decompression. `begin` is called at once, in the caller's async context.
 */
export function boundedFetch(dispatcher: Dispatcher, begin: () => FetchScope): FetchLike {
  return async (url, init) => {
    const scope = begin();
    const response = await undiciFetch(url, {
      ...(init as unknown as UndiciRequestInit),
      ...(scope.signal === undefined ? {} : { signal: scope.signal }),
      dispatcher,
    });
    const { status, statusText } = response;
    const headers = new Headers([...response.headers]);
    if (response.body === null || BODILESS.has(status)) return new Response(null, { status, statusText, headers });
    const isStream = response.ok && /^text\/event-stream\b/i.test(headers.get('content-type') ?? '');
    if (isStream) scope.onStream();
    const bound = response.ok ? bounded(isStream ? eventBytes() : totalBytes(), scope) : truncated();
    return new Response((response.body as ReadableStream<Uint8Array>).pipeThrough(bound), {
      status,
      statusText,
      headers,
    });
  };
}

type Count = (chunk: Uint8Array) => number;

function bounded(count: Count, scope: FetchScope): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    async transform(chunk, controller) {
      if (count(chunk) > LIMITS.messageBytes) {
        scope.onOversize();
        controller.error(new RangeError(`message of more than ${LIMITS.messageBytes} bytes`));
        return;
      }
      const started = performance.now();
      controller.enqueue(chunk);
      await nextTurn();
      const spent = performance.now() - started;
      if (spent >= 1) await sleep(spent);
    },
  });
}

function truncated(): TransformStream<Uint8Array, Uint8Array> {
  const count = totalBytes();
  return new TransformStream({
    transform(chunk, controller) {
      if (count(chunk) <= REFUSAL_BYTES) controller.enqueue(chunk);
      else controller.terminate();
    },
  });
}

function totalBytes(): Count {
  let bytes = 0;
  return (chunk) => (bytes += chunk.length);
}

/** Counts the bytes since the last empty line, which is what ends an event (HTML Standard, 9.2.6). */
function eventBytes(): Count {
  let bytes = 0;
  let lineBytes = 0;
  let previous = 0;
  return (chunk) => {
    let largest = 0;
    for (const byte of chunk) {
      bytes += 1;
      if (byte === LF && previous === CR) {
        // The second half of CR LF ends nothing.
      } else if (byte === LF || byte === CR) {
        if (lineBytes === 0) {
          largest = Math.max(largest, bytes);
          bytes = 0;
        }
        lineBytes = 0;
      } else {
        lineBytes += 1;
      }
      previous = byte;
    }
    return Math.max(largest, bytes);
  };
}
