import { dirname, resolve } from 'node:path';
import { pino } from 'pino';
import type { Custody } from '../../client/custody.ts';
import { loadOperatorConfig, type OperatorConfig } from '../../config/operator.ts';
import type { SecretReference } from '../../config/schema/server.ts';
import { resolveValue } from '../../config/secrets.ts';
import type { GatewayConfig } from '../../config/serve/schema.ts';
import { ApiKeys } from '../../gateway/auth/apiKeys.ts';
import { Issuers } from '../../gateway/auth/issuers.ts';
import { tokensOf } from '../../gateway/auth/tokens.ts';
import { audienceOf } from '../../gateway/http/metadata.ts';
import { serveHttp } from '../../gateway/http/serve.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { version } from '../package.ts';
import { onStopSignal } from '../worker/stopSignals.ts';
import { inspector } from './inspect.ts';

export interface RunServeOptions {
  readonly custody: Custody;
  readonly config: string;
  readonly host: string;
  readonly port: number;
  readonly parkAfter?: number | undefined;
  readonly onRunning: (address: string) => void;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '::1', 'localhost']);
/** Characters of a secret. */
const SHORTEST = 32;
/** Characters of a remark in the log. */
const LONGEST = 500;

/**
 * The gateway over HTTP in this process, until SIGINT or SIGTERM.
 *
 * @throws CustodyError USAGE, CONFIG_MISSING, CONFIG_INVALID
 */
export async function runServe({ custody, config, host, port, parkAfter, onRunning }: RunServeOptions): Promise<void> {
  const operator = await loadOperatorConfig(config);
  const { url, tokens, origins, issuers, secret, ...bounds } = gatewayOf(operator, config);
  const isLocal = LOOPBACK.has(host);
  if (!isLocal && url === undefined)
    throw new CustodyError(
      'USAGE',
      `${host} is reached by others: say under which address, as gateway.url in custody.yaml.`,
    );
  const log = pino({ level: process.env['CUSTODY_LOG_LEVEL'] || 'info' }, pino.destination({ dest: 2, sync: true }));
  const gateway = await serveHttp({
    host,
    port,
    custody,
    version: version(),
    tokens: tokensOf(
      new ApiKeys(tokens),
      url === undefined || issuers.length === 0 ? undefined : new Issuers(issuers, audienceOf(url)),
    ),
    issuers: issuers.map(({ issuer }) => issuer),
    url,
    origins,
    isLocal,
    secret: secret && (await secretOf(secret, config)),
    ...bounds,
    parkAfter,
    inspect: inspector(operator),
    onRefused: (from, why) => log.warn({ from, why }, 'a log-in failed'),
    onTrouble: (message) => log.warn({ why: message.slice(0, LONGEST) }, 'trouble'),
  }).catch((error: Error) => {
    throw new CustodyError('USAGE', `Port ${port} of ${host} cannot be used: ${error.message}`);
  });
  const stopped = new Promise<void>((resolve) => onStopSignal(resolve));
  onRunning(`http://${host.includes(':') ? `[${host}]` : host}:${gateway.port}`);
  await stopped;
  log.info('the gateway stops');
  await gateway.close();
}

/** @throws CustodyError SECRET_MISSING, USAGE */
async function secretOf(reference: SecretReference, config: string): Promise<string> {
  const secret = await resolveValue(reference, dirname(resolve(config)));
  if (secret.length >= SHORTEST) return secret;
  throw new CustodyError('USAGE', `gateway.secret has ${secret.length} characters; make one of ${SHORTEST} or more.`);
}

function gatewayOf({ gateway }: OperatorConfig, path: string): GatewayConfig {
  if (gateway) return gateway;
  throw new CustodyError(
    'USAGE',
    `Nobody could ask: ${path} names no file of API keys. Write gateway: { tokens: tokens.json }, and make one with ` +
      '`custody token new`.',
  );
}
