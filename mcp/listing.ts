import type { Client, McpSubscription } from '@modelcontextprotocol/client';
import { openFailure } from './calls/failure.ts';
import type { LeftOut } from '../protocol/calls/call.ts';
import { listTools, type ToolEntry } from './tools.ts';

type Tools = ReadonlyMap<string, ToolEntry>;

/** The tools of one connection: listed once, and again after the server said that they changed. */
export class Listing {
  readonly #server: string;
  readonly #client: Client;
  /** Milliseconds for a whole listing. */
  readonly #timeout: number;
  #known: Tools | undefined;
  #underWay: Promise<{ readonly tools: Tools; readonly isWatched: boolean }> | undefined;
  #subscription: McpSubscription | undefined;
  #isDeaf = false;
  /** Definitions that the last listing left out. */
  leftOut: readonly LeftOut[] = [];

  constructor(server: string, client: Client, timeout: number) {
    this.#server = server;
    this.#client = client;
    this.#timeout = timeout;
    this.#watch(client.autoOpenedSubscription);
  }

  /** What is known without asking. */
  get known(): Tools | undefined {
    return this.#known;
  }

  /** The server says that its tools changed. */
  forget(): void {
    this.#known = undefined;
    this.#underWay = undefined;
  }

  /** Throws what `openFailure` gives. */
  async tools(): Promise<Tools> {
    if (this.#known !== undefined) return this.#known;
    const listing = (this.#underWay ??= this.#list());
    try {
      const { tools, isWatched } = await listing;
      if (isWatched && this.#underWay === listing) this.#known = tools;
      return tools;
    } finally {
      if (this.#underWay === listing) this.#underWay = undefined;
    }
  }

  /** `isWatched`: a later change will be heard. */
  async #list(): Promise<{ readonly tools: Tools; readonly isWatched: boolean }> {
    const signal = AbortSignal.timeout(this.#timeout);
    try {
      const isWatched = await this.#watchAgain();
      const { tools, leftOut } = await listTools(this.#client, this.#server, signal);
      this.leftOut = leftOut;
      return { tools, isWatched };
    } catch (error) {
      throw openFailure(error, { server: this.#server, what: 'tools/list', signal, timeout: this.#timeout });
    }
  }

  /**
   * Since revision 2026-07-28 a change of the tools is heard on a subscription only, and a server may end that at any
   * time.
   */
  #watch(subscription: McpSubscription | undefined): void {
    this.#subscription = subscription;
    void subscription?.closed.then(() => {
      this.#isDeaf = true;
      this.forget();
    });
  }

  /** False if changes of the tools would not be heard, though they are when the server is well. */
  async #watchAgain(): Promise<boolean> {
    if (this.#subscription === undefined || !this.#isDeaf) return true;
    const subscription = await this.#client
      .listen({ toolsListChanged: true }, { timeout: this.#timeout / 2 })
      .catch(() => undefined);
    if (subscription === undefined) return false;
    this.#isDeaf = false;
    this.#watch(subscription);
    return true;
  }
}
