import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Calls `stop` at the first SIGINT or SIGTERM. A second one ends the process at once, as nobody waits any more.
 *
 * @returns takes the handlers away again
 */
export function onStopSignal(stop: () => void): () => void {
  let stopping = false;
  const handle = (signal: (typeof SIGNALS)[number]): void => {
    if (stopping) process.exit(128 + constants.signals[signal]);
    stopping = true;
    stop();
  };
  for (const signal of SIGNALS) process.on(signal, handle);
  return () => SIGNALS.forEach((signal) => process.off(signal, handle));
}
