import { pino } from 'pino';
import { Custody } from '../../client/custody.ts';
import type { ConnectOptions } from '../../client/temporal/connectOptions.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { NO_GATEWAY } from '../../config/serve/schema.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { openGateway, type OpenedGateway } from './openGateway.ts';

/** Who the key of `custody dev` is, on record. */
const DEVELOPER = 'dev';

/**
 * The gateway of `custody dev`, on loopback: as the configuration says, or with nothing but a fresh key.
 *
 * @param port where that is taken, another one that is free
 */
export async function openDevGateway(
  settings: ConnectOptions,
  config: OperatorConfig,
  port: number,
): Promise<OpenedGateway> {
  const custody = await Custody.connect({ ...settings, actor: DEVELOPER });
  const log = pino({ level: process.env['CUSTODY_LOG_LEVEL'] || 'warn' }, pino.destination({ dest: 2, sync: true }));
  const gateway = config.gateway ?? NO_GATEWAY;
  const open = (at: number): Promise<OpenedGateway> =>
    openGateway({ custody, config, gateway, host: '127.0.0.1', port: at, log });
  try {
    const opened = await open(port).catch((error: unknown) => {
      if (error instanceof CustodyError && isTaken(error.cause)) return open(0);
      throw error;
    });
    return {
      ...opened,
      async close() {
        await opened.close();
        await custody.close();
      },
    };
  } catch (error) {
    await custody.close();
    throw error;
  }
}

const isTaken = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
