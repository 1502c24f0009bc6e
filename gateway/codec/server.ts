import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { PayloadCodec } from '@temporalio/common';
import { CustodyError } from '../../protocol/errors.ts';
import { headersFor, isAllowedOrigin, isForThisMachine } from './cors.ts';
import { openedOf, payloadsIn, toBody } from './payloads.ts';
import type { Readers } from './readers.ts';

/** One reading, as it goes on record. */
export interface Reading {
  /** ISO 8601. */
  readonly at: string;
  /** Name of the token. */
  readonly by: string;
  readonly what: 'decode' | 'encode';
  /** As the request claims. */
  readonly namespace: string | null;
  readonly payloads: number;
  /** Address of whoever asked. */
  readonly from: string;
}

export interface CodecServerOptions {
  readonly host: string;
  /** 0 is any free one. */
  readonly port: number;
  readonly codec: PayloadCodec;
  readonly readers: Readers;
  /** Origins of web pages beside those of this machine. */
  readonly origins: readonly string[];
  /** It answers by a name of this machine alone. */
  readonly isLocal: boolean;
  /** Puts a reading on record; where that fails nothing is read. */
  readonly record: (reading: Reading) => Promise<void>;
}

/** Bytes of one request. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Milliseconds in which a request must have come. */
const PATIENCE = 30_000;

/** Opens payloads for Temporal's UI and CLI: POST /decode, and /encode for what they send. */
export async function serveCodec(options: CodecServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer({ requestTimeout: PATIENCE }, (request, response) => {
    void answerTo(request, options).then(({ status, body, headers }) => {
      // What is refused may not have been read to its end.
      const end = status >= 400 ? { connection: 'close' } : {};
      const kept = { 'content-type': 'application/json', 'cache-control': 'no-store' };
      response.writeHead(status, { ...kept, ...end, ...headers }).end(body);
    });
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Answered {
  readonly status: number;
  readonly body: string;
  readonly headers: Record<string, string>;
}

async function answerTo(request: IncomingMessage, options: CodecServerOptions): Promise<Answered> {
  const { origin } = request.headers;
  const isAllowed = origin === undefined || isAllowedOrigin(origin, options.origins);
  const headers = headersFor(isAllowed ? origin : undefined);
  const refuse = (status: number, message: string): Answered => ({
    status,
    headers: { ...headers, ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}) },
    body: JSON.stringify({ code: status === 401 ? 16 : 3, message }),
  });
  if (!isAllowed) return refuse(403, 'Web pages of this origin may not ask; name it under codecServer.origins.');
  if (options.isLocal && !isForThisMachine(request)) return refuse(403, 'This server answers to this machine alone.');
  if (request.method === 'OPTIONS') return { status: 204, body: '', headers };
  const what = whatIn(request.url);
  if (what === undefined) return refuse(404, 'There are POST /decode and POST /encode.');
  if (request.method !== 'POST') return refuse(405, 'Use POST.');
  const by = options.readers.nameOf(request.headers.authorization);
  if (by === undefined) return refuse(401, 'A bearer token of codecServer.tokens is needed.');
  try {
    const payloads = payloadsIn(await bodyOf(request));
    const at = new Date().toISOString();
    const namespace = [request.headers['x-namespace'] ?? []].flat()[0] || null;
    const from = request.socket.remoteAddress ?? 'unknown';
    await options.record({ at, by, what, namespace, payloads: payloads.length, from });
    const { codec } = options;
    const done = what === 'decode' ? await openedOf(payloads, codec) : await codec.encode(payloads);
    return { status: 200, body: toBody(done), headers };
  } catch (error) {
    if (error instanceof TooLarge) return refuse(413, `A request has at most ${MOST_BYTES} bytes.`);
    if (error instanceof CustodyError) return refuse(400, error.message);
    return refuse(503, `The reading could not be put on record: ${(error as Error).message}`);
  }
}

/** Newer UIs put a query behind the path, and an operator may put a prefix before it. */
function whatIn(url = ''): Reading['what'] | undefined {
  const path = url.split('?')[0] ?? '';
  return path.endsWith('/decode') ? 'decode' : path.endsWith('/encode') ? 'encode' : undefined;
}

class TooLarge extends Error {}

async function bodyOf(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw new TooLarge();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
