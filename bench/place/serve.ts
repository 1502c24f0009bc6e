import { setTimeout as delay } from 'node:timers/promises';
import { onStopSignal } from '../../cli/worker/stopSignals.ts';

/**
 * What each worker process of the benchmark does: says that it runs, answers how much memory it takes, and stops in
 * order when it is told to or when the benchmark is gone. It needs `--expose-gc`.
 */
export async function serve(running: Promise<unknown>, stop: () => void): Promise<void> {
  onStopSignal(stop);
  process.on('disconnect', stop);
  process.on('message', async () => {
    for (let round = 0; round < 3; round += 1) {
      globalThis.gc?.();
      await delay(500);
    }
    process.send?.(Math.round(process.memoryUsage().rss / 1024));
  });
  process.send?.('runs');
  await running;
  process.exit(0);
}
