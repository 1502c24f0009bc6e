import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/server';
import type { SessionHandle } from '../../client/index.ts';
import { Calls } from './calls/calls.ts';
import { createGate } from './gate.ts';
import { Mirror } from './mirror/mirror.ts';
import { type Found, instructionsFor } from './own/ownTools.ts';
import { StateWatch } from './own/stateWatch.ts';
import { RECENT } from './own/status.ts';
import type { KnownClient } from './calls/peer.ts';
import { createServer } from './server.ts';
import type { StateKeeper } from './calls/turn.ts';

/** How long a client that comes to a session waits to hear what was called in it, in milliseconds. */
const LOOK = 5000;

export interface ServedOptions {
  readonly session: SessionHandle;
  readonly version: string;
  /** See `CallsOptions`. */
  readonly keeper: StateKeeper;
  readonly parkAfter?: number | undefined;
  readonly connection?: string | undefined;
  readonly hurry?: AbortSignal | undefined;
  /** Hears of troubles that no answer tells. */
  readonly onTrouble: (message: string) => void;
  /** Called when clients that listed what there is should list it again. */
  readonly onListsChanged: () => Promise<void> | void;
}

/**
 * A session as it is served to one client, or to all that ask as one principal: what it offers, its calls, its state as
 * last seen. Any number of MCP servers, one for each connection or request, stand on one of these.
 */
export class Served {
  readonly #options: ServedOptions;
  readonly #life = new AbortController();
  readonly #watch = new StateWatch();
  readonly #mirror: Mirror;
  readonly #calls: Calls;
  readonly #gate = createGate();
  readonly #watching: Promise<void>;
  #owesLists = false;

  constructor(options: ServedOptions) {
    const { session, keeper, parkAfter, connection, hurry, onTrouble } = options;
    this.#options = options;
    this.#mirror = new Mirror(session, this.#life.signal, onTrouble);
    this.#calls = new Calls({ session, keeper, parkAfter, connection, hurry, state: () => this.#watch.state });
    this.#watching = this.#watch.run(
      session,
      this.#life.signal,
      () => void this.#tellLists().catch((error: unknown) => onTrouble(String(error))),
    );
  }

  /** As last seen. */
  get hasEnded(): boolean {
    return this.#watch.hasEnded;
  }

  /**
   * An MCP server for one connection.
   *
   * @param isModern it is of revision 2026-07-28 or later
   * @param client known from before
   */
  server(instructions: string, isModern: boolean, client?: KnownClient): Server {
    const { session, version } = this.#options;
    const onIncomplete = (): void => {
      this.#owesLists = true;
    };
    const [mirror, calls, gate] = [this.#mirror, this.#calls, this.#gate];
    const state = (): string => this.#watch.state;
    return createServer({ session, version, instructions, mirror, calls, gate, state, onIncomplete, client }, isModern);
  }

  /** What a client is told as it comes. @param isNew nothing was called in the session before */
  async instructions(isNew: boolean): Promise<string> {
    const { session } = this.#options;
    return instructionsFor(session.id, isNew ? undefined : await foundIn(session));
  }

  /** Settles when nothing of it runs any more. The session goes on. */
  async close(): Promise<void> {
    this.#life.abort();
    await this.#watching;
  }

  async #tellLists(): Promise<void> {
    const changed = await this.#mirror.refresh();
    if (!changed && !this.#owesLists) return;
    this.#owesLists = false;
    await this.#options.onListsChanged();
  }
}

/** A session as a client finds it; undefined where that cannot be had soon, as no worker is there. */
function foundIn(session: SessionHandle): Promise<Found | undefined> {
  const found = session.recentCalls(RECENT).catch(() => undefined);
  return Promise.race([found, delay(LOOK, undefined, { ref: false })]);
}
