import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Custody } from '../../client/custody.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import type { SecretReference } from '../../config/schema/server.ts';
import { resolveValue } from '../../config/secrets.ts';
import type { GatewayConfig } from '../../config/serve/schema.ts';
import { ApiKeys } from '../../gateway/auth/apiKeys.ts';
import { FreshKey } from '../../gateway/auth/freshKey.ts';
import { Issuers } from '../../gateway/auth/issuers.ts';
import { tokensOf } from '../../gateway/auth/tokens.ts';
import { Door } from '../../gateway/console/door.ts';
import { audienceOf } from '../../gateway/http/metadata.ts';
import { serveHttp } from '../../gateway/http/serve.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { ROLES } from '../../protocol/identity/standing.ts';
import { openProviders } from '../../telemetry/providers.ts';
import { version } from '../package.ts';
import { inspector } from './inspect.ts';

export interface OpenGatewayOptions {
  readonly custody: Custody;
  readonly config: OperatorConfig;
  readonly gateway: Omit<GatewayConfig, 'tokens'> & { readonly tokens?: string };
  readonly host: string;
  readonly port: number;
  readonly parkAfter?: number | undefined;
  readonly log: Pick<Logger, 'warn'>;
}

/** A key with every role, which no file has, and which is good for as long as its process lives. */
export interface OwnKey {
  readonly key: string;
  /** To the console, once. */
  readonly link: string;
}

export interface OpenedGateway {
  /** Its origin. */
  readonly address: string;
  /** Where it listens to this machine alone: what lets whoever started it in. */
  readonly own: OwnKey | undefined;
  close(): Promise<void>;
}

/** Characters of a secret. */
const SHORTEST = 32;
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
/** Characters of a remark in the log. */
const LONGEST = 500;

/**
 * The gateway over HTTP in this process.
 *
 * @throws CustodyError USAGE, CONFIG_INVALID, SECRET_MISSING
 */
export async function openGateway(options: OpenGatewayOptions): Promise<OpenedGateway> {
  const { custody, config, gateway, host, port, parkAfter, log } = options;
  const { url, tls, tokens, issuers, secret, ...more } = gateway;
  const isLocal = LOOPBACK.has(host);
  if (!isLocal && url === undefined)
    throw new CustodyError(
      'USAGE',
      `${host} is reached by others: say under which address, as gateway.url in custody.yaml.`,
    );
  const fresh = isLocal ? new FreshKey(custody.actor, ROLES) : undefined;
  const door = fresh && new Door(fresh, Date.now());
  const metrics = config.telemetry?.prometheus
    ? openProviders({
        otlp: undefined,
        prometheus: true,
        service: 'custody-gateway',
        instance: `${process.pid}@${hostname()}`,
        tell: () => undefined,
      })
    : undefined;
  const opened = await serveHttp({
    ...more,
    host,
    port,
    custody,
    version: version(),
    tokens: tokensOf(
      { fresh, file: tokens === undefined ? undefined : new ApiKeys(tokens) },
      url === undefined || issuers.length === 0 ? undefined : new Issuers(issuers, audienceOf(url)),
    ),
    issuers: issuers.map(({ issuer }) => issuer),
    url,
    tls,
    secret: secret && (await secretOf(secret, config.dir)),
    metrics: metrics?.read && { meter: metrics.meter, read: metrics.read },
    isLocal,
    door,
    parkAfter,
    inspect: inspector(config),
    onRefused: (from, why) => log.warn({ from, why }, 'a log-in failed'),
    onTrouble: (message) => log.warn({ why: message.slice(0, LONGEST) }, 'trouble'),
  }).catch((error: Error) => {
    if (error instanceof CustodyError) throw error;
    throw new CustodyError('USAGE', `Port ${port} of ${host} cannot be used: ${error.message}`, { cause: error });
  });
  const address = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${opened.port}`;
  return {
    address,
    own: fresh && door && { key: fresh.token, link: door.link(address) },
    async close() {
      await opened.close();
      await metrics?.close();
    },
  };
}

/** @throws CustodyError SECRET_MISSING, USAGE */
async function secretOf(reference: SecretReference, dir: string): Promise<string> {
  const secret = await resolveValue(reference, dir);
  if (secret.length >= SHORTEST) return secret;
  throw new CustodyError('USAGE', `gateway.secret has ${secret.length} characters; make one of ${SHORTEST} or more.`);
}
