import { createRemoteJWKSet, decodeJwt, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { LRUCache } from 'lru-cache';
import type { IssuerConfig } from '../../config/serve/schema.ts';
import { anActor, aName, SESSION_ID } from '../../protocol/fields.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { ROLES } from '../../protocol/identity/standing.ts';
import { check } from '../../protocol/values/check.ts';
import { sha256Hex } from '../../protocol/values/digest.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { Tokens } from './bearer.ts';
import type { Caller } from './caller.ts';

/** Seconds by which clocks may differ. */
const TOLERANCE = 30;
/** Milliseconds: until keys are read anew, between two readings for a key that is not known, for one reading. */
const KEYS = { cacheMaxAge: 10 * 60_000, cooldownDuration: 30_000, timeoutDuration: 5000 };
/** Tokens that were found good, and milliseconds until they are looked at again. */
const MOST = 10_000;
const GOOD = 60_000;

interface Issuer {
  readonly config: IssuerConfig;
  readonly keys: JWTVerifyGetKey;
}

/** Access tokens of identity providers: JWTs whose issuer, audience and algorithms are fixed. */
export class Issuers implements Tokens {
  readonly #audience: string;
  readonly #issuers: ReadonlyMap<string, Issuer>;
  /** By the hash of the token. */
  readonly #good = new LRUCache<string, Caller>({ max: MOST });

  /** @param audience of which every token has to be */
  constructor(issuers: readonly IssuerConfig[], audience: string) {
    this.#audience = audience;
    this.#issuers = new Map(
      issuers.map((config) => [config.issuer, { config, keys: createRemoteJWKSet(new URL(config.jwks), KEYS) }]),
    );
  }

  /** @throws CustodyError TOKEN_INVALID, ISSUER_UNAVAILABLE */
  async callerOf(token: string, now: number): Promise<Caller> {
    const hash = sha256Hex(token);
    const known = this.#good.get(hash);
    if (known) return known;
    const { config, keys } = this.#issuerOf(token);
    const payload = await this.#verified(token, config, keys, now);
    const caller = callerIn(payload, config, hash);
    const ttl = Math.min(GOOD, ((payload.exp ?? 0) + TOLERANCE) * 1000 - now);
    if (ttl > 0) this.#good.set(hash, caller, { ttl });
    return caller;
  }

  /** By what the token claims; nothing of it is believed yet. */
  #issuerOf(token: string): Issuer {
    let claimed: unknown;
    try {
      claimed = decodeJwt(token).iss;
    } catch {
      throw invalid('It is neither an API key of Custody nor a JWT.');
    }
    const found = typeof claimed === 'string' ? this.#issuers.get(claimed) : undefined;
    if (!found) throw invalid('Its issuer is none that this gateway takes tokens of.');
    return found;
  }

  async #verified(
    token: string,
    { issuer, algorithms }: IssuerConfig,
    keys: JWTVerifyGetKey,
    now: number,
  ): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: this.#audience,
        algorithms: [...algorithms],
        requiredClaims: ['exp', 'sub'],
        clockTolerance: TOLERANCE,
        currentDate: new Date(now),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError && !UNREAD.has(error.code)) throw invalid(`${error.message}.`);
      throw new CustodyError('ISSUER_UNAVAILABLE', `The keys of ${issuer} cannot be read: ${(error as Error).message}`);
    }
  }
}

/** That keys could not be had says nothing of a token. */
const UNREAD: ReadonlySet<string> = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID']);

/** @param hash of the token, which stands for its id where it has none */
function callerIn(payload: JWTPayload, { issuer, rolesClaim, sessionClaim }: IssuerConfig, hash: string): Caller {
  const { sub: subject = '', jti: token = hash.slice(0, 32) } = payload;
  const person = `${issuer}#${subject}`;
  const session = payload[sessionClaim];
  const isNamed = isA(anActor, subject) && isA(aName, token) && isA(aName, person);
  if (!isNamed) throw invalid('Its subject or its id cannot be put on record: they are too long, or a reserved name.');
  if (session !== undefined && !isA(SESSION_ID, session))
    throw invalid(`Its claim '${sessionClaim}' names no session.`);
  const said = claimIn(payload, rolesClaim);
  const given = typeof said === 'string' ? said.split(' ') : Array.isArray(said) ? (said as readonly unknown[]) : [];
  const roles = ROLES.filter((role) => given.includes(role));
  return { issuer, subject, person, token, roles, ...(session === undefined ? {} : { session: session as string }) };
}

/** A claim by its path, such as `realm_access.roles`. */
const claimIn = (payload: JWTPayload, path: string): unknown =>
  Object.hasOwn(payload, path)
    ? payload[path]
    : path
        .split('.')
        .reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), payload);

const isA = (schema: Parameters<typeof check>[0], value: unknown): boolean => !check(schema, value).problems;

const invalid = (why: string): CustodyError => new CustodyError('TOKEN_INVALID', why);
