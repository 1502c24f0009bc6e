import { DefaultLogger, Runtime } from '@temporalio/worker';
import { NATIVE_LOGS } from '../../worker/runtime.ts';

/**
 * Lets warnings of Temporal's SDK go to the console, which shows them where a test fails; by itself the SDK writes
 * everything past it. Does nothing where a runtime is installed already.
 */
export function logToConsole(): void {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => console.warn(level, message, meta ?? ''));
  try {
    Runtime.install({ logger, telemetryOptions: NATIVE_LOGS });
  } catch {
    // The file has a logger of its own.
  }
}
