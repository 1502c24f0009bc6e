import { timingSafeEqual } from 'node:crypto';
import { CustodyError } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/identity/standing.ts';
import type { Tokens } from './bearer.ts';
import { API_KEYS, type Caller } from './caller.ts';
import { digestOfToken, mintToken } from './token.ts';

/** An API key that is good as long as this process lives, and stands in no file. */
export class FreshKey implements Tokens {
  /** To be shown once. */
  readonly token: string;
  readonly #digest: Buffer;
  readonly #caller: Caller;

  constructor(subject: string, roles: readonly Role[]) {
    const { id, token } = mintToken();
    this.token = token;
    this.#digest = digestOfToken(token);
    this.#caller = { issuer: API_KEYS, subject, person: subject, token: id, roles };
  }

  /** @throws CustodyError TOKEN_INVALID */
  async callerOf(token: string): Promise<Caller> {
    if (this.is(token)) return this.#caller;
    throw new CustodyError('TOKEN_INVALID', 'There is no such API key.');
  }

  is(token: string): boolean {
    return timingSafeEqual(digestOfToken(token), this.#digest);
  }
}
