import { DefaultLogger, Runtime } from '@temporalio/worker';

/**
 * Lets warnings of Temporal's SDK go to the console, which shows them where a test fails; by itself the SDK writes
 * everything past it. Does nothing where a runtime is installed already.
 */
export function logToConsole(): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => console.warn(level, message, meta ?? ''));
  try {
    Runtime.install({
      logger,
      telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } } },
    });
  } catch {
    // The file has a logger of its own.
  }
}
