import * as z from 'zod/mini';
import { addProblem, onObjects, pattern, pick, plainName, printable, wholeNumber } from '../../protocol/fields.ts';
import type { Schema } from '../../protocol/values/check.ts';
import { type SecretReference, secretReference } from '../schema/server.ts';

/** Who may use `custody serve`, and from where. */
export interface GatewayConfig {
  /** The file of API keys that `custody token` writes; a path as written. */
  readonly tokens: string;
  /** Under which clients reach it: its origin. Absent where only this machine does. */
  readonly url?: string;
  /** The files of its certificate and key, in PEM: it speaks TLS itself then. Paths as written. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Origins of web pages that may ask, beside that of `url` and those of this machine. */
  readonly origins: readonly string[];
  /** Identity providers whose access tokens are taken. */
  readonly issuers: readonly IssuerConfig[];
  /** Seals what clients hold for the gateway, in every process of it. Absent, each process has one of its own. */
  readonly secret?: SecretReference;
  /** Calls and other requests of one token in one session, in a minute. */
  readonly requestsPerMinute: number;
  /** The specs of sessions that agents may open: files by name, or the folder where they are as NAME.yaml. */
  readonly agents: { readonly [name: string]: string } | string;
  /** Sessions that one subject may open in an hour. */
  readonly sessionsPerHour: number;
}

/** An identity provider. */
export interface IssuerConfig {
  /** As its tokens name it. */
  readonly issuer: string;
  /** Where its public keys are. */
  readonly jwks: string;
  /** With which its tokens are signed; no others are taken. */
  readonly algorithms: readonly (typeof ALGORITHMS)[number][];
  /** The claim that has roles: a list, or text with spaces between them. */
  readonly rolesClaim: string;
  /** The claim that names the one session of a token. */
  readonly sessionClaim: string;
}

/** With a public key, all of them: what whoever checks a token knows cannot make one. */
export const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256', 'PS384', 'RS256', 'RS384', 'RS512'] as const;

/** More than a session gets through. */
const REQUESTS = 6000;
const SESSIONS = 60;

const origin = z
  .string()
  .check(z.refine(isOrigin, 'must be an origin, such as "https://custody.example", and no more'));

const issuer: Schema<IssuerConfig> = z.strictObject({
  issuer: printable(120),
  jwks: z.string().check(z.refine(isSafe, 'must be a URL of https; http is for this machine alone')),
  algorithms: z
    .array(z.enum(ALGORITHMS))
    .check(z.minLength(1, 'is empty; write the algorithms with which this issuer signs')),
  rolesClaim: z._default(printable(120), 'scope'),
  sessionClaim: z._default(printable(120), 'custody_session'),
});

const path = () => pattern(/^[^\0]+$/, 'the path of a file');

const agents = pick<GatewayConfig['agents']>((value): Schema<GatewayConfig['agents']> =>
  typeof value === 'string' ? path() : z.record(plainName(), path()),
);

const fields = z.strictObject({
  tokens: path(),
  url: z.exactOptional(origin),
  tls: z.exactOptional(z.strictObject({ cert: path(), key: path() })),
  origins: z._default(z.array(origin), []),
  issuers: z._default(z.array(issuer), []),
  secret: z.exactOptional(secretReference),
  requestsPerMinute: z._default(wholeNumber(1, 1_000_000), REQUESTS),
  agents: z._default(agents, {}),
  sessionsPerHour: z._default(wholeNumber(1, 1_000_000), SESSIONS),
});

export const gatewaySchema: Schema<GatewayConfig> = fields.check(
  z.superRefine((given, ctx) => {
    const { issuers, url } = given as GatewayConfig;
    if (Array.isArray(issuers) && issuers.length > 0 && url === undefined)
      addProblem(ctx, ['issuers'], 'need a url beside them, of which tokens are made: their audience is URL/mcp');
  }, onObjects),
) as unknown as Schema<GatewayConfig>;

/** What there is where nothing is said: no file of keys, and nobody but this machine. */
export const NO_GATEWAY: Omit<GatewayConfig, 'tokens'> = {
  origins: [],
  issuers: [],
  requestsPerMinute: REQUESTS,
  agents: {},
  sessionsPerHour: SESSIONS,
};

function isSafe(text: string): boolean {
  try {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
  } catch {
    return false;
  }
}

function isOrigin(text: string): boolean {
  try {
    return /^https?:/.test(text) && new URL(text).origin === text;
  } catch {
    return false;
  }
}
