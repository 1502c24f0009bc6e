import { pino } from 'pino';
import { Custody } from '../../client/custody.ts';
import type { ConnectOptions } from '../../client/temporal/connectOptions.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { NO_GATEWAY } from '../../config/serve/schema.ts';
import { FreshKey } from '../../gateway/auth/freshKey.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { ROLES } from '../../protocol/identity/standing.ts';
import { openGateway, type OpenedGateway } from './openGateway.ts';

/** Who the key of `custody dev` is, on record. */
const DEVELOPER = 'dev';

export interface DevGateway extends OpenedGateway {
  /** An API key with every role, for as long as this process lives. */
  readonly key: string;
}

/**
 * The gateway of `custody dev`, on loopback: as the configuration says, or with nothing but a fresh key.
 *
 * @param port where that is taken, another one that is free
 */
export async function openDevGateway(
  settings: ConnectOptions,
  config: OperatorConfig,
  port: number,
): Promise<DevGateway> {
  const custody = await Custody.connect({ ...settings, actor: DEVELOPER });
  const fresh = new FreshKey(DEVELOPER, ROLES);
  const log = pino({ level: process.env['CUSTODY_LOG_LEVEL'] || 'warn' }, pino.destination({ dest: 2, sync: true }));
  const gateway = config.gateway ?? NO_GATEWAY;
  const open = (at: number): Promise<OpenedGateway> =>
    openGateway({ custody, config, gateway, host: '127.0.0.1', port: at, fresh, log });
  try {
    const { address, link, close } = await open(port).catch((error: unknown) => {
      if (error instanceof CustodyError && isTaken(error.cause)) return open(0);
      throw error;
    });
    return {
      address,
      link,
      key: fresh.token,
      async close() {
        await close();
        await custody.close();
      },
    };
  } catch (error) {
    await custody.close();
    throw error;
  }
}

const isTaken = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
