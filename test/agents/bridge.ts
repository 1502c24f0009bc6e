import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly [key: string]: unknown };
  readonly result?: { readonly protocolVersion?: string };
}

/**
 * What shows a stdio server at a URL, for a client that knows nothing else: Streamable HTTP as far as such clients use
 * it.
 */
export interface Bridge {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts one process of `command` for each protocol session, and one for all requests of revision 2026-07-28. */
export async function startBridge(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Bridge> {
  const sessions = new Map<string, Pipe>();
  const open = (): Pipe => new Pipe(spawn(command, args, { env, stdio: ['pipe', 'pipe', 'ignore'] }));
  /**
   * Of all requests that claim a revision for themselves. One that claims none opens a connection of the older kind,
   * and gets its own.
   */
  let stateless: Pipe | undefined;

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const sessionId = request.headers['mcp-session-id'];
    const known = typeof sessionId === 'string' ? sessions.get(sessionId) : undefined;
    if (request.method !== 'POST') {
      if (request.method === 'DELETE' && known) {
        known.end();
        sessions.delete(sessionId as string);
        return response.writeHead(200).end();
      }
      return response.writeHead(405).end();
    }
    if (typeof sessionId === 'string' && !known) return response.writeHead(404).end();
    const message = (await json(request)) as Message;
    if (message.method === 'initialize') {
      const pipe = open();
      const id = randomUUID();
      sessions.set(id, pipe);
      response.setHeader('mcp-session-id', id);
      return pipe.carry(message, response);
    }
    if (known) return known.carry(message, response);
    if (claimsRevision(message)) return (stateless ??= open()).carry(message, response);
    const pipe = open();
    response.on('close', () => pipe.end());
    return pipe.carry(message, response);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    async close() {
      for (const pipe of [...sessions.values(), ...(stateless ? [stateless] : [])]) pipe.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const claimsRevision = ({ params }: Message): boolean =>
  Object.hasOwn(params?._meta ?? {}, 'io.modelcontextprotocol/protocolVersion');

/** A stdio server. Clients that know nothing of each other share it, so ids are its own. */
class Pipe {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<
    string,
    { readonly id: string | number; readonly response: ServerResponse; readonly token: unknown; streams: boolean }
  >();

  constructor(child: ChildProcess) {
    this.#child = child;
    child.stdin?.on('error', () => undefined);
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) =>
      this.#receive(JSON.parse(line) as Message),
    );
  }

  carry(message: Message, response: ServerResponse): void {
    if (message.id === undefined || message.method === undefined) {
      this.#write(message);
      response.writeHead(202).end();
      return;
    }
    const id = randomUUID();
    const meta = message.params?._meta as { readonly progressToken?: unknown } | undefined;
    this.#waiting.set(id, { id: message.id, response, token: meta?.progressToken, streams: false });
    response.on('close', () => {
      if (this.#waiting.delete(id)) this.#write({ method: 'notifications/cancelled', params: { requestId: id } });
    });
    this.#write({ ...message, id });
  }

  end(): void {
    this.#child.stdin?.end();
    this.#child.kill();
  }

  #write(message: Message): void {
    this.#child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #receive(message: Message): void {
    if (message.method !== undefined) return this.#notify(message);
    const waiting = this.#waiting.get(String(message.id));
    if (!waiting) return;
    this.#waiting.delete(String(message.id));
    const body = JSON.stringify({ ...message, id: waiting.id });
    if (waiting.streams) waiting.response.end(`event: message\ndata: ${body}\n\n`);
    else waiting.response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  }

  /** Goes out on the stream of the request that it belongs to; what a log message belongs to no client can tell. */
  #notify(message: Message): void {
    const isLog = message.method === 'notifications/message';
    for (const waiting of this.#waiting.values()) {
      const isOf = waiting.token !== undefined && waiting.token === message.params?.progressToken;
      if (!isOf && !(isLog && this.#waiting.size === 1)) continue;
      if (!waiting.streams) waiting.response.writeHead(200, { 'content-type': 'text/event-stream' });
      waiting.streams = true;
      waiting.response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
    }
  }
}
