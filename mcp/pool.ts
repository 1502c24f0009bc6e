import { setMaxListeners } from 'node:events';
import type { McpConnection } from './connection.ts';
import { McpError } from './error.ts';
import { openConnection, type OpenOptions } from './open.ts';
import type { ResolvedServer } from './server.ts';

/** Milliseconds after which a connection that nobody uses is closed. */
const IDLE = 30 * 60 * 1000;
/** The same for a server whose loss pauses its session. */
const IDLE_KEPT = 24 * 60 * 60 * 1000;
const TIMEOUT = 30_000;

export interface PoolOptions {
  /**
   * The entry of a server in custody.yaml, with its secrets; called for each opening, so rotated secrets are taken up.
   */
  readonly resolve: (serverName: string) => Promise<ResolvedServer>;
  readonly log: OpenOptions['log'];
  /** Milliseconds; 30 minutes by default. */
  readonly idle?: number;
  /** Is the state of this server worth a process that nobody uses for a day? */
  readonly isKept?: (serverName: string) => boolean;
}

/** A connection that holds the state of a server for one session. */
export interface Held {
  readonly sessionId: string;
  readonly server: string;
  readonly lease: string;
}

type Openings = Map<string, Promise<McpConnection>>;

/**
 * The MCP connections of a worker. A stdio server runs once for each session, unless its operator says that it is
 * shared; an HTTP server that keeps protocol sessions gets one for each session. Any other connection serves all
 * sessions.
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #stop = new AbortController();
  readonly #sweeper: NodeJS.Timeout;
  readonly #shared: Openings = new Map();
  readonly #own = new Map<string, Openings>();
  /** HTTP servers that were seen to keep protocol sessions. */
  readonly #sessionBound = new Set<string>();
  /** How many use a connection. */
  readonly #uses = new Map<McpConnection, number>();
  #isLeaving = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    const { idle = IDLE } = options;
    setMaxListeners(0, this.#stop.signal); // One for each opening under way, however many these are.
    this.#sweeper = setInterval(() => void this.#sweep(idle), Math.min(idle, 60_000)).unref();
  }

  /**
   * The connection of a session to a server. Opened if there is none, or the one there is closed; callers at the same
   * time share one opening.
   *
   * Throws McpError (see `openConnection`) and what `resolve` throws.
   */
  async acquire(sessionId: string, serverName: string): Promise<McpConnection> {
    if (this.#isLeaving || this.#stop.signal.aborted) {
      const shared = this.#stop.signal.aborted ? undefined : await this.#sharedOne(serverName);
      if (shared !== undefined) return shared;
      throw leaving(serverName);
    }
    const own = this.#own.get(sessionId) ?? new Map<string, Promise<McpConnection>>();
    this.#own.set(sessionId, own);
    const connection = await liveOne(own, serverName, () => this.#open(serverName));
    if (this.#isLeaving && connection.sessionBound) throw leaving(serverName);
    return connection;
  }

  /**
   * The very connection that a session is bound to. Never opens one: throws LEASE_LOST where it is not there any more.
   */
  async held({ sessionId, server, lease }: Held): Promise<McpConnection> {
    const connection = await this.#own
      .get(sessionId)
      ?.get(server)
      ?.catch(() => undefined);
    if (connection !== undefined && !connection.closed && connection.lease === lease && !this.#isLeaving)
      return connection;
    // Whoever hears that it is lost opens another, which must find the place free.
    if (connection !== undefined && this.#isLeaving && !this.#uses.has(connection)) await connection.close();
    const why = this.#isLeaving ? 'this worker is stopping' : 'it has ended, or was never open here';
    throw new McpError(
      'LEASE_LOST',
      `The connection to MCP server '${server}' that the session is bound to is gone: ${why}.`,
      { sent: false },
    );
  }

  /**
   * Keeps a connection open while the pool gives up what it holds. The function that it returns says that the use is
   * over; it settles once the connection is closed, where it was the last one that kept it.
   */
  use(connection: McpConnection): () => Promise<void> {
    this.#uses.set(connection, (this.#uses.get(connection) ?? 0) + 1);
    let isOver = false;
    return async () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#uses.get(connection) ?? 1) - 1;
      if (left > 0) return void this.#uses.set(connection, left);
      this.#uses.delete(connection);
      if (this.#isLeaving && connection.sessionBound) await connection.close();
    };
  }

  /**
   * Gives up all connections that are bound to sessions, and opens none any more: those that nobody uses are closed
   * first and then told of, the others told of at once and closed after their last use.
   *
   * @returns how many it held
   */
  async release(tell: (held: Held) => Promise<void>): Promise<number> {
    this.#isLeaving = true;
    let count = 0;
    await Promise.all(
      [...this.#own].flatMap(([sessionId, own]) =>
        [...own].map(async ([server, opening]) => {
          const connection = await opening.catch(() => undefined);
          if (connection?.lease === undefined || connection.closed) return;
          if (!this.#uses.has(connection)) await connection.close();
          count += 1;
          await tell({ sessionId, server, lease: connection.lease });
        }),
      ),
    );
    return count;
  }

  /** Closes what belongs to this session alone; waits for openings under way. */
  async closeSession(sessionId: string): Promise<void> {
    const own = this.#own.get(sessionId);
    this.#own.delete(sessionId);
    await Promise.all(
      [...(own?.values() ?? [])].map(async (opening) => {
        const connection = await opening.catch(() => undefined);
        if (connection?.sessionBound) await connection.close();
      }),
    );
  }

  /** Gives up openings under way and closes everything, for good. */
  async closeAll(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#sweeper);
    const openings = [this.#shared, ...this.#own.values()].flatMap((map) => [...map.values()]);
    this.#shared.clear();
    this.#own.clear();
    await Promise.all(openings.map(async (opening) => (await opening.catch(() => undefined))?.close()));
  }

  async #open(serverName: string): Promise<McpConnection> {
    const shared = await this.#sharedOne(serverName);
    if (shared !== undefined) return shared;
    const { resolve, log } = this.#options;
    const server = await resolve(serverName);
    const open = (): Promise<McpConnection> =>
      openConnection(server, { signal: this.#stop.signal, timeout: server.connectTimeout ?? TIMEOUT, log });
    const isOfOne = server.kind === 'stdio' ? server.shared !== true : this.#sessionBound.has(serverName);
    if (isOfOne) return open();
    // Whether an HTTP server keeps protocol sessions is known only when one is open: the first to open finds out.
    let isMine = false;
    const connection = await liveOne(this.#shared, serverName, () => {
      isMine = true;
      return open();
    });
    if (!connection.sessionBound) return connection;
    this.#sessionBound.add(serverName);
    this.#shared.delete(serverName);
    return isMine ? connection : open();
  }

  async #sharedOne(serverName: string): Promise<McpConnection | undefined> {
    const shared = await this.#shared.get(serverName)?.catch(() => undefined);
    return shared !== undefined && !shared.closed && !shared.sessionBound ? shared : undefined;
  }

  async #sweep(idle: number): Promise<void> {
    for (const [sessionId, own] of this.#own) if (own.size === 0) this.#own.delete(sessionId);
    await Promise.all(
      [this.#shared, ...this.#own.values()].flatMap((map) =>
        [...map].map(async ([serverName, opening]) => {
          const connection = await opening.catch(() => undefined);
          if (connection === undefined) return;
          const isIdle =
            connection.closed ||
            connection.idleFor >= (this.#options.isKept?.(serverName) ? Math.max(idle, IDLE_KEPT) : idle);
          // What a session does not own it needs not remember: it finds it under the shared ones.
          const isBorrowed = map !== this.#shared && !connection.sessionBound;
          if ((isIdle || isBorrowed) && map.get(serverName) === opening) map.delete(serverName);
          if (isIdle) await connection.close();
        }),
      ),
    );
  }
}

const leaving = (server: string): McpError =>
  new McpError('WORKER_LOST', `MCP server '${server}' is not opened any more: this worker is stopping.`, {
    sent: false,
  });

/**
 * The connection under `key`, opened by `open` unless one is open or being opened. Registers the opening before it
 * returns, so that whoever closes finds it; a failed opening leaves nothing.
 */
async function liveOne(openings: Openings, key: string, open: () => Promise<McpConnection>): Promise<McpConnection> {
  for (let held = openings.get(key); held !== undefined; held = openings.get(key)) {
    const connection = await held;
    if (!connection.closed) return connection;
    if (openings.get(key) === held) openings.delete(key);
  }
  const opening = open();
  openings.set(key, opening);
  opening.catch(() => {
    if (openings.get(key) === opening) openings.delete(key);
  });
  return opening;
}
