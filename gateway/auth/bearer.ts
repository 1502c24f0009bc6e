import { CustodyError } from '../../protocol/errors.ts';
import type { Caller } from './caller.ts';

/** Says whose a token is. @throws CustodyError TOKEN_INVALID, TOKENS_INVALID */
export interface Tokens {
  callerOf(token: string, now: number): Promise<Caller>;
}

/** Characters of a token; a JWT of an identity provider has some thousands. */
const LONGEST = 16_384;

/**
 * The bearer token of a request.
 * @throws CustodyError TOKEN_MISSING, TOKEN_INVALID
 */
export function bearerIn(authorization: string | null): string {
  if (authorization === null) throw new CustodyError('TOKEN_MISSING', 'The request has no Authorization header.');
  const [, token] = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(authorization.slice(0, LONGEST)) ?? [];
  if (token === undefined) throw new CustodyError('TOKEN_INVALID', 'The Authorization header has no bearer token.');
  return token;
}

/** What a challenge says beside its kind. */
export interface ChallengeOptions {
  /** Where RFC 9728 metadata are, where there is an authorization server to be found. */
  readonly metadata?: string | undefined;
  readonly scope?: string | undefined;
}

/**
 * The header `WWW-Authenticate` for an error; undefined for one that is not about who asks. Without a token it says
 * nothing of an error (RFC 6750, 3.1), so that a client can tell "log in" from "log in again".
 */
export function challengeFor({ code }: CustodyError, { metadata, scope }: ChallengeOptions = {}): string | undefined {
  const error = code === 'TOKEN_INVALID' ? 'invalid_token' : code === 'ROLE_MISSING' ? 'insufficient_scope' : undefined;
  if (error === undefined && code !== 'TOKEN_MISSING') return undefined;
  const parameters = Object.entries({ error, scope, resource_metadata: metadata }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value}"`],
  );
  return ['Bearer', parameters.join(', ')].join(' ').trim();
}
