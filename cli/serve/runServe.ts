import { pino } from 'pino';
import type { Custody } from '../../client/custody.ts';
import { loadOperatorConfig } from '../../config/operator.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { onStopSignal } from '../worker/stopSignals.ts';
import { openGateway } from './openGateway.ts';

export interface RunServeOptions {
  readonly custody: Custody;
  readonly config: string;
  readonly host: string;
  readonly port: number;
  readonly parkAfter?: number | undefined;
  /** @param link to the console, for whoever started it; where it listens to this machine alone */
  readonly onRunning: (address: string, link: string | undefined) => void;
}

/**
 * The gateway over HTTP in this process, until SIGINT or SIGTERM.
 *
 * @throws CustodyError USAGE, CONFIG_MISSING, CONFIG_INVALID
 */
export async function runServe({ config: path, onRunning, ...options }: RunServeOptions): Promise<void> {
  const config = await loadOperatorConfig(path);
  const { gateway } = config;
  if (!gateway)
    throw new CustodyError(
      'USAGE',
      `Nobody could ask: ${path} names no file of API keys. Write gateway: { tokens: tokens.json }, and make one ` +
        'with `custody token new`.',
    );
  const log = pino({ level: process.env['CUSTODY_LOG_LEVEL'] || 'info' }, pino.destination({ dest: 2, sync: true }));
  if (!gateway.secret)
    log.warn(
      'gateway.secret is not set: what clients hold for this process is of no use to another, or after a restart',
    );
  const opened = await openGateway({ ...options, config, gateway, log });
  const stopped = new Promise<void>((resolve) => onStopSignal(resolve));
  onRunning(opened.address, opened.own?.link);
  await stopped;
  log.info('the gateway stops');
  await opened.close();
}
