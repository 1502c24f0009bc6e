import { parse, serialize } from 'hono/utils/cookie';
import { CustodyError } from '../../protocol/errors.ts';
import { LIFETIME, type Seals } from '../auth/seals.ts';

/** Bytes of a cookie that every browser keeps. */
const LARGEST = 4000;
/** Sent with all that changes something: pages of others cannot send it without being asked about first. */
export const MARK = 'X-Custody';

/** Who reached this machine by one of its own names can have no certificate for that. */
export interface CookieOptions {
  /** Those of all processes of the deployment. */
  readonly seals: Seals;
  /** Is it plain HTTP under a name of this machine? */
  readonly isPlain: (url: URL) => boolean;
}

/**
 * Log-ins of people: a cookie that holds their token, sealed. A script cannot read it, nor a browser use the token in
 * it elsewhere; the token is looked at again with each request, so that a log-in ends with it.
 */
export class Cookies {
  readonly #seals: Seals;
  readonly #isPlain: CookieOptions['isPlain'];

  constructor({ seals, isPlain }: CookieOptions) {
    this.#seals = seals;
    this.#isPlain = isPlain;
  }

  /**
   * The header `Set-Cookie` of a log-in, which lasts 12 hours where its token does not end before.
   * @throws CustodyError TOKEN_INVALID for a token that no cookie can hold
   */
  async login(request: Request, token: string): Promise<string> {
    const sealed = await this.#seals.seal('login', '', { token });
    if (sealed.length > LARGEST)
      throw new CustodyError('TOKEN_INVALID', 'The token is too long for a cookie: use an API key to log in.');
    return this.#header(request, sealed, LIFETIME.login);
  }

  logout(request: Request): string {
    return this.#header(request, '', 0);
  }

  /**
   * The token of whoever logged in; undefined where nobody did, or the log-in is over.
   *
   * @throws CustodyError PLACE_REFUSED where a cookie comes with a request that the console's own page did not make
   */
  async tokenIn(request: Request): Promise<string | undefined> {
    const header = request.headers.get('cookie');
    if (header === null) return undefined;
    const { name } = this.#kind(request);
    const { [name]: sealed } = parse(header, name);
    if (!sealed) return undefined;
    checkOwn(request);
    return (await this.#seals.open('login', '', sealed))?.['token'] as string | undefined;
  }

  #header(request: Request, value: string, maxAge: number): string {
    const { name, secure } = this.#kind(request);
    return serialize(name, value, { path: '/', httpOnly: true, secure, sameSite: 'Strict', maxAge });
  }

  /** Cookies know no ports: where they are not kept apart by their host, they are by their name. */
  #kind({ url }: Request): { readonly name: string; readonly secure: boolean } {
    const at = new URL(url);
    return this.#isPlain(at)
      ? { name: `custody-${at.port || '80'}`, secure: false }
      : { name: '__Host-custody', secure: true };
  }
}

/** @throws CustodyError PLACE_REFUSED unless it is certain that a page of this origin asks */
export function checkOwn({ method, headers, url }: Request): void {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const isOwn = site === null ? origin !== null && hostOf(origin) === new URL(url).host : site === 'same-origin';
  if (!isOwn) throw new CustodyError('PLACE_REFUSED', 'A log-in counts for pages of the console alone.');
  if (method !== 'GET' && method !== 'HEAD' && headers.get(MARK) !== '1')
    throw new CustodyError('PLACE_REFUSED', `What changes something needs the header ${MARK}: 1 beside the log-in.`);
}

const hostOf = (origin: string): string | undefined => {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
};
