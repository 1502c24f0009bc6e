import { LRUCache } from 'lru-cache';
import { CustodyError } from '../../protocol/errors.ts';
import { digestOf } from '../../protocol/values/digest.ts';
import type { Json, JsonObject } from '../../protocol/values/json.ts';
import { type Caller, keyOfCaller } from '../auth/caller.ts';

/** Keys that are remembered, and milliseconds for which they are. */
const MOST = 10_000;
const KEPT = 24 * 3_600_000;

/**
 * What was asked under which key in this process, so that a key for two different requests is refused. Whatever another
 * process knows, a key is one command to the session: of two requests under it the second gets the answer of the first.
 */
export class Repeats {
  readonly #seen = new LRUCache<string, string>({ max: MOST, ttl: KEPT });

  /** @throws CustodyError COMMAND_ID_REUSED */
  check(caller: Caller, path: string, body: JsonObject, key: string): void {
    const who = digestOf([keyOfCaller(caller), key]);
    const what = digestOf([path, body as Json]);
    const seen = this.#seen.get(who) ?? what;
    if (seen !== what)
      throw new CustodyError('COMMAND_ID_REUSED', `The Idempotency-Key '${key}' was used for another request.`);
    this.#seen.set(who, what);
  }
}
