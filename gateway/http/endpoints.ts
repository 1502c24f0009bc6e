import { LRUCache } from 'lru-cache';
import type { Custody } from '../../client/custody.ts';
import { type Caller, keyOfCaller } from '../auth/caller.ts';
import { Endpoint, type EndpointOptions } from './endpoint.ts';
import { endedSessions, LegacyClients } from '../legacy/clients.ts';

/** Endpoints that are kept, and milliseconds for which they are after their last use: each looks at its session. */
const MOST = 1000;
const KEPT = 5 * 60_000;

export type EndpointsOptions = Omit<EndpointOptions, 'session' | 'caller' | 'ended'> & { readonly custody: Custody };

/** The endpoints of this process, one for each caller in each session. */
export class Endpoints {
  readonly #options: EndpointsOptions;
  readonly #ended = endedSessions();
  readonly #open = new LRUCache<string, Endpoint>({
    max: MOST,
    ttl: KEPT,
    updateAgeOnGet: true,
    ttlAutopurge: true,
    dispose: (endpoint) => endpoint.leave(),
  });

  constructor(options: EndpointsOptions) {
    this.#options = options;
  }

  /**
   * @throws CustodyError SESSION_NOT_FOUND, TEMPORAL_UNAVAILABLE
   */
  async of(caller: Caller, id: string): Promise<Endpoint> {
    const key = `${keyOfCaller(caller)}/${id}`;
    const known = this.#open.get(key);
    if (known) return known;
    const { custody, ...options } = this.#options;
    const { subject, issuer, token, person, roles } = caller;
    const session = custody.for(subject, { issuer, token, person, roles }).session(id);
    await session.state();
    // Another request may have opened it meanwhile.
    const opened = this.#open.get(key) ?? new Endpoint({ ...options, session, caller, ended: this.#ended });
    this.#open.set(key, opened, { noDisposeOnSet: true });
    return opened;
  }

  /** The sessions of MCP of a caller that has no session yet. */
  legacyClients(caller: Caller): LegacyClients {
    return new LegacyClients(caller, this.#options.seals, this.#ended);
  }

  close(): void {
    this.#open.clear();
  }
}
