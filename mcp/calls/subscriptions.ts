import type { Client, McpSubscription } from '@modelcontextprotocol/client';

/** Milliseconds for a server to take a subscription; a call does not wait longer for it. */
const TIMEOUT = 2000;
/** Resources that one connection subscribes to; the oldest give way to new ones. */
const MOST = 256;

/** The resources of which a server is asked to say when they change. They stay so until the connection ends. */
export class Subscriptions {
  readonly #client: Client;
  readonly #uris = new Set<string>();
  #stream: McpSubscription | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(client: Client) {
    this.#client = client;
  }

  /** Subscribes to those that are new. A server that does not take that is let be. */
  want(uris: readonly string[]): Promise<unknown> {
    const fresh = uris.filter((uri) => !this.#uris.has(uri));
    if (fresh.length === 0 || !this.#client.getServerCapabilities()?.resources?.subscribe) return this.#last;
    for (const uri of fresh) this.#uris.add(uri);
    for (const uri of this.#uris) if (this.#uris.size > MOST) this.#uris.delete(uri);
    const isModern = this.#client.getProtocolEra() === 'modern';
    const subscribe = () => (isModern ? this.#listen() : this.#subscribe(fresh));
    this.#last = this.#last.then(subscribe).catch(() => undefined);
    return this.#last;
  }

  #subscribe(uris: readonly string[]): Promise<unknown> {
    const options = { timeout: TIMEOUT };
    return Promise.allSettled(uris.map((uri) => this.#client.subscribeResource({ uri }, options)));
  }

  /** Since revision 2026-07-28 one stream has all of them, and begins before the one that it follows ends. */
  async #listen(): Promise<void> {
    const before = this.#stream;
    this.#stream = await this.#client.listen({ resourceSubscriptions: [...this.#uris] }, { timeout: TIMEOUT });
    await before?.close();
  }
}
