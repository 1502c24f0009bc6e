import type { Client, McpSubscription } from '@modelcontextprotocol/client';
import { openFailure } from './calls/failure.ts';
import type { LeftOut } from '../protocol/calls/call.ts';
import { listTools, type ToolEntry } from './tools.ts';

type Tools = ReadonlyMap<string, ToolEntry>;

/** Milliseconds after which a listing is looked at again, as a server need not say that its tools changed. */
const OLD = 5 * 60_000;

/**
 * The tools of one connection: listed once, and again after the server said that they changed. A listing that is old is
 * replaced in the background: whoever asks has the one that is known, and who asks next the new one.
 */
export class Listing {
  readonly #server: string;
  readonly #client: Client;
  /** Milliseconds for a whole listing. */
  readonly #timeout: number;
  #known: Tools | undefined;
  /** When that was asked for. */
  #since = 0;
  #isRenewing = false;
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

  /** What is known without asking, however old. */
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
    if (this.#known !== undefined) {
      if (performance.now() - this.#since >= OLD) void this.#renew(this.#known);
      return this.#known;
    }
    const begun = performance.now();
    const listing = (this.#underWay ??= this.#list());
    try {
      const { tools, isWatched } = await listing;
      if (isWatched && this.#underWay === listing) {
        this.#known = tools;
        this.#since = begun;
      }
      return tools;
    } finally {
      if (this.#underWay === listing) this.#underWay = undefined;
    }
  }

  /** A server that does not answer now is asked again as soon as the listing is old once more. */
  async #renew(before: Tools): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    this.#since = performance.now();
    try {
      const { tools } = await this.#list();
      if (this.#known === before && !isSame(before, tools)) this.#known = tools;
    } catch {
      // The call at hand says what is wrong with the server.
    } finally {
      this.#isRenewing = false;
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

const isSame = (before: Tools, now: Tools): boolean =>
  before.size === now.size && [...now].every(([name, { hash }]) => before.get(name)?.hash === hash);
