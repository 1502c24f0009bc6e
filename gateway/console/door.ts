import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ROLES } from '../../protocol/identity/standing.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { API_KEYS } from '../auth/caller.ts';
import type { Tokens } from '../auth/bearer.ts';
import { digestOfToken, idOfToken, mintToken } from '../auth/token.ts';

/** How long a link can be used, and whoever came by it stays, in milliseconds. */
const OPEN = 10 * 60_000;
const STAY = 12 * 3_600_000;

/**
 * Lets whoever started this process in by a link that is used once. What it gives is a key of this process alone: no
 * file has it, other processes do not take it, and it ends with the process.
 */
export class Door implements Tokens {
  readonly #key = mintToken();
  readonly #subject: string;
  readonly #since: number;
  #once: Buffer | undefined;

  /**
   * @param subject who comes in, on record; with all roles
   * @param now epoch milliseconds
   */
  constructor(subject: string, now: number) {
    this.#subject = subject;
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

  /** Is it the key of this door? */
  knows(token: string): boolean {
    return idOfToken(token) === this.#key.id;
  }

  async callerOf(token: string, now: number) {
    const isKey = timingSafeEqual(digestOfToken(token), Buffer.from(this.#key.sha256, 'hex'));
    if (!isKey || now > this.#since + STAY)
      throw new CustodyError('TOKEN_INVALID', 'The log-in by a link is over: start the process again for another.');
    return { issuer: API_KEYS, subject: this.#subject, person: this.#subject, token: this.#key.id, roles: ROLES };
  }
}

/** Those of a door, and others. */
export const throughDoor = (door: Door, others: Tokens): Tokens => ({
  callerOf: async (token, now) => (door.knows(token) ? door : others).callerOf(token, now),
});
