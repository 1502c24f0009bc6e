import { setTimeout as delay } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Custody } from '../../client/custody.ts';
import { nthOf, startOrAttach } from '../../client/session/starts/startOrAttach.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { SessionSpec } from '../../protocol/spec.ts';
import { type Caller, isOwn } from '../auth/caller.ts';
import type { Limits } from '../auth/limits.ts';
import type { Endpoint } from '../http/endpoint.ts';
import type { Endpoints } from '../http/endpoints.ts';
import type { Message } from '../http/message.ts';
import { callIn } from './callIn.ts';
import { sessionIdOf, sessionNameIn } from './name.ts';
import { noAgent, type Specs } from './specs.ts';
import { needsSession, type Place, Unopened } from './unopened.ts';

/** Sessions of which it is kept which one goes on now, and milliseconds for which it is. */
const MOST = 10_000;
const KEPT = 5 * 60_000;
/** Milliseconds for which a session that has ended is asked for a call. */
const LOOK = 5000;

export interface OpenerOptions {
  readonly custody: Custody;
  readonly specs: Specs;
  readonly endpoints: Endpoints;
  readonly limits: Limits;
  readonly version: string;
  readonly onTrouble: (message: string) => void;
}

/**
 * Sessions that are opened by those who use them: each subject has one of each agent that the operator names, or one
 * for each name that it gives. The id follows from these alone, so that any process finds it.
 */
export class Opener {
  readonly #options: OpenerOptions;
  /** By the id of the first: the number of the one that goes on now; see `nthOf`. */
  readonly #current = new LRUCache<string, Promise<number>>({ max: MOST, ttl: KEPT, updateAgeOnGet: true });

  constructor(options: OpenerOptions) {
    this.#options = options;
  }

  /**
   * What answers a request to an agent. A session is opened where the request needs one, and none goes on.
   *
   * @throws CustodyError SESSION_NOT_FOUND, SPEC_INVALID, REQUEST_REFUSED, RATE_LIMITED, TEMPORAL_UNAVAILABLE
   */
  async placeFor(caller: Caller, agent: string, message: Message | undefined, headers: Headers): Promise<Place> {
    const { specs, version, onTrouble, endpoints } = this.#options;
    const spec = await specs.named(agent);
    if (!mayOpen(caller, spec)) throw noAgent(agent);
    const id = sessionIdOf(caller, agent, sessionNameIn(message?.value, headers));
    if (!needsSession(message)) {
      const last = await this.#last(this.#as(caller), caller, id);
      return last.isAlive
        ? endpoints.of(caller, nthOf(id, last.n))
        : new Unopened(agent, version, endpoints.legacyClients(caller), onTrouble);
    }
    for (let attempt = 0; ; attempt += 1) {
      const n = await this.#opened(caller, id, spec);
      const endpoint = await this.#endpointWith(caller, id, n, callIn(message?.value));
      if (!endpoint.hasEnded || endpoint.id !== nthOf(id, n) || attempt > 0) return endpoint;
      this.#current.delete(id);
    }
  }

  #as({ subject, issuer, token, person, roles }: Caller): Custody {
    return this.#options.custody.for(subject, { issuer, token, person, roles });
  }

  /** Several requests at once wait for one opening. */
  #opened(caller: Caller, id: string, spec: SessionSpec): Promise<number> {
    const known = this.#current.get(id);
    if (known) return known;
    const opening = this.#open(caller, id, spec);
    this.#current.set(id, opening);
    opening.catch(() => this.#current.delete(id));
    return opening;
  }

  async #open(caller: Caller, id: string, spec: SessionSpec): Promise<number> {
    const custody = this.#as(caller);
    const last = await this.#last(custody, caller, id);
    if (last.isAlive) return last.n;
    await this.#options.limits.opening(caller);
    // One that ended before it began gives its id back, so the last of those that ended is tried as well.
    const { session } = await startOrAttach(custody, spec, { id, successor: true, from: Math.max(1, last.n) });
    const { startedBy, labels } = await session.state();
    if (!isOwn(caller, { startedBy, labels })) throw absent(session.id);
    return session.id === id ? 1 : Number(session.id.slice(id.length + 1));
  }

  /** The last session of an id: one that goes on, or one that ended; number 0 where there was none. */
  async #last(
    custody: Custody,
    caller: Caller,
    id: string,
  ): Promise<{ readonly n: number; readonly isAlive: boolean }> {
    for (let n = 1; ; n += 1) {
      const state = await custody
        .session(nthOf(id, n))
        .state()
        .catch((error: unknown) => {
          if (!(error instanceof CustodyError) || error.code !== 'SESSION_NOT_FOUND') throw error;
        });
      if (!state) return { n: n - 1, isAlive: false };
      if (!isOwn(caller, state)) throw absent(nthOf(id, n));
      if (!state.ended) return { n, isAlive: true };
    }
  }

  /**
   * A call that was taken by the session before is answered by that one: nothing that ended is done a second time.
   */
  async #endpointWith(caller: Caller, id: string, n: number, callId: string | undefined): Promise<Endpoint> {
    const before = n > 1 && callId !== undefined ? nthOf(id, n - 1) : undefined;
    const isKnown = before !== undefined && (await this.#knows(caller, before, callId as string));
    return this.#options.endpoints.of(caller, isKnown ? before : nthOf(id, n));
  }

  async #knows(caller: Caller, id: string, callId: string): Promise<boolean> {
    const signal = AbortSignal.timeout(LOOK);
    const answer = this.#as(caller).session(id).answer(callId, { signal });
    const found = answer.then(
      () => true,
      (error: unknown) => !(error instanceof CustodyError) || error.code !== 'CALL_NOT_FOUND',
    );
    const isKnown = await Promise.race([found, delay(LOOK, undefined, { ref: false })]);
    if (isKnown !== undefined && !signal.aborted) return isKnown;
    throw new CustodyError('NO_WORKER', `The session '${id}' does not say whether it knows the call '${callId}'.`);
  }
}

/** A token with labels opens what it may enter then, and one that is bound to a session opens none. */
const mayOpen = ({ session, labels = {} }: Caller, spec: SessionSpec): boolean =>
  session === undefined && Object.entries(labels).every(([name, value]) => spec.labels?.[name] === value);

const absent = (id: string): CustodyError => new CustodyError('SESSION_NOT_FOUND', `There is no session '${id}'.`);
