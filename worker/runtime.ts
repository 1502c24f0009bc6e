import { type LogLevel, type LogMetadata, type Logger as SdkLogger, Runtime } from '@temporalio/worker';
import type { Level, Logger } from 'pino';

/** What the SDK says at `info` is chatter to an operator. */
const LEVELS = {
  TRACE: 'trace',
  DEBUG: 'debug',
  INFO: 'debug',
  WARN: 'warn',
  ERROR: 'error',
} as const satisfies Record<LogLevel, Level>;

/** Warnings of the SDK about what Custody does on purpose: a worker's own queue has activities alone. */
const ON_PURPOSE: ReadonlySet<string> = new Set(['No workflows registered, not polling for workflow tasks']);

/** Lets warnings of the SDK's native half go to its logger, and not past it. */
export const NATIVE_LOGS = { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } } as const;

/**
 * Sets up the SDK's runtime of this process, once, before its first worker: all its logs, the native ones too, go to
 * `log`; and it installs no signal handlers, as stopping in order is the business of whoever runs the worker.
 */
export function installRuntime(log: Logger): void {
  Runtime.install({
    logger: sdkLogger(log),
    shutdownSignals: [],
    telemetryOptions: NATIVE_LOGS,
  });
}

function sdkLogger(log: Logger): SdkLogger {
  const write = (level: LogLevel, message: string, { error, ...meta }: LogMetadata = {}): void =>
    log[ON_PURPOSE.has(message) ? 'debug' : LEVELS[level]](
      { ...meta, ...(error === undefined ? {} : { err: error }) },
      message,
    );
  return {
    log: write,
    trace: (message, meta) => write('TRACE', message, meta),
    debug: (message, meta) => write('DEBUG', message, meta),
    info: (message, meta) => write('INFO', message, meta),
    warn: (message, meta) => write('WARN', message, meta),
    error: (message, meta) => write('ERROR', message, meta),
  };
}
