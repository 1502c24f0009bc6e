import { timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { loadTokens } from '../../config/serve/load.ts';
import type { TokensFile } from '../../config/serve/tokens.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { API_KEYS, type Caller } from './caller.ts';
import { digestOfToken, idOfToken } from './token.ts';

/**
 * The API keys of a file, read again whenever that has changed: a key that is added or revoked counts from the next
 * request on, in each process. A file that cannot be used lets nobody in.
 */
export class ApiKeys {
  readonly #path: string;
  #read: { readonly as: string; readonly file: Promise<TokensFile> } | undefined;

  /** @param path absolute; where there is no file there are no keys */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Whose key it is.
   * @param now epoch milliseconds
   * @throws CustodyError TOKEN_INVALID, TOKENS_INVALID
   */
  async callerOf(token: string, now: number): Promise<Caller> {
    const id = idOfToken(token);
    if (id === undefined) throw invalid('It is no API key of Custody, or was not copied whole.');
    const { tokens } = await this.#current();
    const known = Object.hasOwn(tokens, id) ? tokens[id] : undefined;
    // Compared in any case, so that the time does not say whether there is such an id.
    const isSame = timingSafeEqual(digestOfToken(token), Buffer.from(known?.sha256 ?? NONE, 'hex'));
    if (!known || !isSame) throw invalid('There is no such API key.');
    if (known.revoked) throw invalid(`The API key ${id} was revoked.`);
    if (now >= known.until) throw invalid(`The API key ${id} was valid until ${new Date(known.until).toISOString()}.`);
    const { subject, person = subject, roles, session, labels } = known;
    const bounds = { ...(session === undefined ? {} : { session }), ...(labels === undefined ? {} : { labels }) };
    return { issuer: API_KEYS, subject, person, token: id, roles, ...bounds };
  }

  async #current(): Promise<TokensFile> {
    const as = await stat(this.#path, { bigint: true }).then(
      ({ mtimeNs, size, ino }) => `${mtimeNs}/${size}/${ino}`,
      (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : 'unknown'),
    );
    if (as === undefined) return { tokens: {} };
    if (this.#read?.as !== as) this.#read = { as, file: loadTokens(this.#path) };
    const { file } = this.#read;
    file.catch(() => undefined);
    return file;
  }
}

const NONE = '0'.repeat(64);

const invalid = (why: string): CustodyError => new CustodyError('TOKEN_INVALID', why);
