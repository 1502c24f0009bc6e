import { LRUCache } from 'lru-cache';
import type { Custody } from '../../client/custody.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { Owned, Ownership } from './caller.ts';

/** Sessions of which it is kept whose they are. It never changes, but an id can be used again once Temporal forgets. */
const MOST = 10_000;
const KEPT = 5 * 60_000;

/** Whose sessions are, as Temporal itself knows it: no worker is asked. */
export class Sessions implements Ownership {
  readonly #custody: Custody;
  readonly #known = new LRUCache<string, Owned>({ max: MOST, ttl: KEPT });

  constructor(custody: Custody) {
    this.#custody = custody;
  }

  async ownedAs(id: string): Promise<Owned | undefined> {
    const known = this.#known.get(id);
    if (known) return known;
    try {
      const { startedBy, labels } = await this.#custody.session(id).state();
      // A fork says so as soon as it has read the session that it comes from.
      if (startedBy !== null) this.#known.set(id, { startedBy, labels });
      return { startedBy, labels };
    } catch (error) {
      if (error instanceof CustodyError && error.code === 'SESSION_NOT_FOUND') return undefined;
      throw error;
    }
  }
}
