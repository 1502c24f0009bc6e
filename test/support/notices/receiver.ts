import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** A key as `notices.to` wants it; for tests. */
export const SECRET = `whsec_${Buffer.from('a key of a test, 32 bytes long..').toString('base64')}`;

/** A request that came in. */
export interface Received {
  readonly id: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** The event, once its signature was verified as Standard Webhooks says; undefined where that is not good. */
  readonly event: Event | undefined;
}

export interface Event {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly data: { readonly text: string; readonly session: string; readonly record: number };
}

/** What a receiver answers: a status, or nothing while the promise lasts. */
export type Answer = (received: Received, nth: number) => number | Promise<number>;

/** A receiver of webhooks, as users write them. */
export class Receiver {
  readonly received: Received[] = [];
  readonly url: string;
  readonly #close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  static async start(answer: Answer = () => 204, headers: Record<string, string> = {}): Promise<Receiver> {
    const server = createServer((request, response) => void take(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(`http://127.0.0.1:${port}/hook`, async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk as string;
      const received = { id: String(request.headers['webhook-id']), headers: request.headers, body };
      const verified = { ...received, event: verify(body, request.headers) };
      const nth = receiver.received.push(verified);
      const status = await answer(verified, nth);
      response.writeHead(status, headers).end(status < 300 ? '' : 'not now');
    }
    return receiver;
  }

  /** Of each notice that came, in the order in which they first came. */
  get ids(): readonly string[] {
    return [...new Set(this.received.map(({ id }) => id))];
  }

  stop(): Promise<void> {
    return this.#close();
  }
}

function verify(body: string, headers: IncomingMessage['headers']): Event | undefined {
  try {
    return new Webhook(SECRET).verify(body, headers as Record<string, string>) as Event;
  } catch {
    return undefined;
  }
}
