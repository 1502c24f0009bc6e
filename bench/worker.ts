/**
 * A worker that says how much memory it takes: `worker.js ADDRESS DIR MAX_CACHED`, with custody.yaml in DIR, and
 * `--expose-gc`.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { onStopSignal } from '../cli/worker/stopSignals.ts';
import { loadOperatorConfig } from '../config/operator.ts';
import { installRuntime } from '../worker/runtime.ts';
import { createWorker } from '../worker/worker.ts';

const [address, dir, maxCached] = process.argv.slice(2) as [string, string, string];
const log = pino({ level: 'error' }, pino.destination(2));
installRuntime(log);
const worker = await createWorker({
  config: await loadOperatorConfig(join(dir, 'custody.yaml')),
  connection: { address },
  namespace: 'default',
  log,
  name: 'bench',
  stateDir: dir,
  store: join(dir, 'payloads'),
  maxCachedSessions: Number(maxCached),
});
const running = worker.run();
onStopSignal(() => worker.stop());
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
