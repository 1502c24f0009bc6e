import type { McpConnection } from './connection.ts';
import { McpError } from './error.ts';
import { openConnection } from './open.ts';
import type { OpenOptions } from './open.ts';
import type { ResolvedServer } from './server.ts';

/** Milliseconds after which a connection that nobody uses is closed. */
const IDLE = 30 * 60 * 1000;
const TIMEOUT = 30_000;

export interface PoolOptions {
  /** The entry of a server in custody.yaml, with its secrets; called for each opening, so rotated secrets are taken up. */
  readonly resolve: (serverName: string) => Promise<ResolvedServer>;
  readonly log: OpenOptions['log'];
  /** Milliseconds; 30 minutes by default. */
  readonly idle?: number;
}

type Openings = Map<string, Promise<McpConnection>>;

/**
 * The MCP connections of a worker (architecture D7). A stdio server runs once for each session, and an HTTP server that
 * keeps protocol sessions gets one for each session; an HTTP connection without serves all sessions.
 */
export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #stop = new AbortController();
  readonly #sweeper: NodeJS.Timeout;
  readonly #shared: Openings = new Map();
  readonly #own = new Map<string, Openings>();
  /** HTTP servers that were seen to keep protocol sessions. */
  readonly #sessionBound = new Set<string>();

  constructor(options: PoolOptions) {
    this.#options = options;
    const { idle = IDLE } = options;
    this.#sweeper = setInterval(() => void this.#sweep(idle), Math.min(idle, 60_000)).unref();
  }

  /**
   * The connection of a session to a server. Opened if there is none, or the one there is closed; callers at the same
   * time share one opening.
   *
   * Throws McpError (see `openConnection`) and what `resolve` throws.
   */
  async acquire(sessionId: string, serverName: string): Promise<McpConnection> {
    if (this.#stop.signal.aborted) {
      throw new McpError('SERVER_UNAVAILABLE', `MCP server '${serverName}' is not opened any more: this worker is stopping.`, { sent: false });
    }
    const own = this.#own.get(sessionId) ?? new Map<string, Promise<McpConnection>>();
    this.#own.set(sessionId, own);
    return liveOne(own, serverName, () => this.#open(serverName));
  }

  /** Closes what belongs to this session alone; waits for openings under way. */
  async closeSession(sessionId: string): Promise<void> {
    const own = this.#own.get(sessionId);
    this.#own.delete(sessionId);
    await Promise.all([...(own?.values() ?? [])].map(async (opening) => {
      const connection = await opening.catch(() => undefined);
      if (connection?.sessionBound) await connection.close();
    }));
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
    const shared = await this.#shared.get(serverName)?.catch(() => undefined);
    if (shared !== undefined && !shared.closed && !shared.sessionBound) return shared;
    const { resolve, log } = this.#options;
    const server = await resolve(serverName);
    const open = (): Promise<McpConnection> => openConnection(server, { signal: this.#stop.signal, timeout: server.connectTimeout ?? TIMEOUT, log });
    if (server.kind === 'stdio' || this.#sessionBound.has(serverName)) return open();
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

  async #sweep(idle: number): Promise<void> {
    for (const [sessionId, own] of this.#own) if (own.size === 0) this.#own.delete(sessionId);
    await Promise.all([this.#shared, ...this.#own.values()].flatMap((map) => [...map].map(async ([serverName, opening]) => {
      const connection = await opening.catch(() => undefined);
      if (connection === undefined) return;
      const isIdle = connection.closed || connection.idleFor >= idle;
      // What a session does not own it needs not remember: it finds it under the shared ones.
      const isBorrowed = map !== this.#shared && !connection.sessionBound;
      if ((isIdle || isBorrowed) && map.get(serverName) === opening) map.delete(serverName);
      if (isIdle) await connection.close();
    })));
  }
}

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
