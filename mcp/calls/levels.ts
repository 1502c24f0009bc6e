import type { Client } from '@modelcontextprotocol/client';
import { isTold, type LogLevel } from '../../protocol/calls/said.ts';

/** Milliseconds for a server to take the level; a call does not wait longer for it. */
const TIMEOUT = 2000;

/** Which log messages a connection of a revision before 2026-07-28 was asked for: one level for all of its calls. */
export class Levels {
  readonly #client: Client;
  #level: LogLevel | undefined;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Asks for messages from `level` on, unless they come already. A server that does not take it is let be. */
  async want(level: LogLevel, signal: AbortSignal): Promise<void> {
    if (this.#client.getProtocolEra() !== 'legacy' || this.#client.getServerCapabilities()?.logging === undefined)
      return;
    if (this.#level !== undefined && isTold(level, this.#level)) return;
    this.#level = level;
    await this.#client.setLoggingLevel(level, { timeout: TIMEOUT, signal }).catch(() => undefined);
  }
}
