/** The process of a sealer: told by its parent what to seal, and ended by it, or with it. */
import { constants, setPriority } from 'node:os';
import pino from 'pino';
import { installRuntime } from '../runtime.ts';
import type { FromSealer, ToSealer } from './spawn.ts';
import { createSealer, type Sealer } from './sealer.ts';

const tell = (message: FromSealer): void => {
  if (process.connected) process.send?.(message);
};

/** Signals of a terminal go to all of its processes: the parent decides when this one ends. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

let sealer: Sealer | undefined;
/** A parent that is gone, however early, leaves nothing behind. */
process.once('disconnect', () => (sealer ? sealer.stop() : process.exit(0)));

process.once('message', async ({ level, ...options }: ToSealer) => {
  const log = pino({ level, base: null, timestamp: false }, { write: (line: string) => tell({ line }) });
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    installRuntime(log);
    sealer = await createSealer({ ...options, log });
    tell({ runs: true });
    await sealer.run();
    process.exit(0);
  } catch (error) {
    log.error({ error: (error as Error).message }, 'the sealer ended');
    process.exit(1);
  }
});
