import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import { loadSpec } from '../../config/spec.ts';
import type { GatewayConfig } from '../../config/serve/schema.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { plainName } from '../../protocol/fields.ts';
import type { SessionSpec } from '../../protocol/spec.ts';
import { check } from '../../protocol/values/check.ts';

/** Milliseconds for which a file is not read again, and how many are kept. */
const KEPT = 2000;
const MOST = 100;

/** The specs of sessions that agents may open: the operator names them, and callers say no more than a name. */
export class Specs {
  readonly #agents: GatewayConfig['agents'];
  readonly #onTrouble: (message: string) => void;
  readonly #read = new LRUCache<string, Promise<SessionSpec>>({ max: MOST, ttl: KEPT });

  constructor(agents: GatewayConfig['agents'], onTrouble: (message: string) => void) {
    this.#agents = agents;
    this.#onTrouble = onTrouble;
  }

  /**
   * As its file says it now.
   * @throws CustodyError SESSION_NOT_FOUND where there is none, SPEC_INVALID
   */
  async named(name: string): Promise<SessionSpec> {
    const path = check(plainName(), name).problems ? undefined : this.#pathOf(name);
    if (path === undefined) throw noAgent(name);
    const known = this.#read.get(path);
    if (known) return known;
    const reading = this.#load(name, path);
    this.#read.set(path, reading);
    return reading;
  }

  #pathOf(name: string): string | undefined {
    if (typeof this.#agents === 'string') return join(this.#agents, `${name}.yaml`);
    return Object.hasOwn(this.#agents, name) ? this.#agents[name] : undefined;
  }

  async #load(name: string, path: string): Promise<SessionSpec> {
    if (typeof this.#agents === 'string')
      await access(path).catch(() => {
        throw noAgent(name);
      });
    // What is wrong with a file is for its operator.
    return loadSpec(path).catch((error: Error) => {
      this.#onTrouble(`the spec of the agent '${name}': ${error.message}`);
      const message = `The spec of the agent '${name}' cannot be used; the log of the gateway says why.`;
      throw new CustodyError('SPEC_INVALID', message);
    });
  }
}

/** One that a caller may not open looks the same. */
export const noAgent = (name: string): CustodyError =>
  new CustodyError('SESSION_NOT_FOUND', `There is no agent '${name.slice(0, 200)}' here.`);
