import { type Token, tokensSchema } from '../../config/serve/tokens.ts';
import { mintToken } from '../../gateway/auth/token.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/identity/standing.ts';
import { check } from '../../protocol/values/check.ts';
import { asWritten, changeTokens, tokensFileOf } from './tokens.ts';

export interface NewToken {
  readonly subject: string;
  readonly role: readonly Role[];
  /** Milliseconds that it is valid. */
  readonly expires: number;
  readonly person?: string | undefined;
  readonly session?: string | undefined;
  readonly label?: { readonly [name: string]: string } | undefined;
  readonly note?: string | undefined;
}

const LONGEST = 366 * 24 * 3_600_000;

/**
 * Makes an API key, and keeps what can be kept of it.
 * @throws CustodyError USAGE, TOKENS_INVALID, CONFIG_MISSING, CONFIG_INVALID
 */
export async function makeToken(
  config: string,
  { subject, role, expires, person, session, label: labels, note }: NewToken,
): Promise<{ readonly id: string; readonly token: string; readonly file: string }> {
  if (expires > LONGEST) throw new CustodyError('USAGE', 'A key is valid for a year at most.');
  const file = await tokensFileOf(config);
  const { id, token, sha256 } = mintToken();
  const created = Math.floor(Date.now() / 1000) * 1000;
  const kept: Token = {
    subject,
    ...(person === undefined ? {} : { person }),
    roles: [...new Set(role)],
    sha256,
    created,
    until: created + expires,
    ...(session === undefined ? {} : { session }),
    ...(labels === undefined ? {} : { labels }),
    ...(note === undefined ? {} : { note }),
  };
  const [problem] = check(tokensSchema, { tokens: { [id]: asWritten(kept) } }).problems ?? [];
  if (problem) throw new CustodyError('USAGE', `The ${String(problem.path[2] ?? 'key')} ${problem.message}.`);
  await changeTokens(file, (tokens) => ({ ...tokens, [id]: kept }));
  return { id, token, file };
}
