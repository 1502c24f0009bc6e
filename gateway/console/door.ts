import { randomBytes, timingSafeEqual } from 'node:crypto';
import { CustodyError } from '../../protocol/errors.ts';
import type { FreshKey } from '../auth/freshKey.ts';

/** How long a link can be used, in milliseconds. */
const OPEN = 10 * 60_000;

/** Lets whoever started this process in by a link that is used once: it leads to the key of this process. */
export class Door {
  readonly #key: FreshKey;
  readonly #since: number;
  #once: Buffer | undefined;

  /** @param now epoch milliseconds */
  constructor(key: FreshKey, now: number) {
    this.#key = key;
    this.#since = now;
  }

  /** A link for a browser; one that was made before is of no use any more. @param address of the gateway */
  link(address: string): string {
    this.#once = randomBytes(32);
    return `${address}/console/enter#${this.#once.toString('base64url')}`;
  }

  /** The key, for what a link ends in. @throws CustodyError TOKEN_INVALID */
  enter(once: string, now: number): string {
    const known = this.#once;
    const shown = Buffer.from(once, 'base64url');
    if (!known || shown.length !== known.length || !timingSafeEqual(shown, known))
      throw new CustodyError('TOKEN_INVALID', 'This link was used already, or is of a process that has ended.');
    this.#once = undefined;
    if (now > this.#since + OPEN)
      throw new CustodyError('TOKEN_INVALID', `This link could be used for ${OPEN / 60_000} minutes.`);
    return this.#key.token;
  }
}
