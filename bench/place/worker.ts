/** A worker of Custody, by DIR/custody.yaml: `worker.js ADDRESS DIR NAME [MAX_CACHED] [TASK_QUEUE]`. */
import { join } from 'node:path';
import pino from 'pino';
import { loadOperatorConfig } from '../../config/operator.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { createWorker } from '../../worker/worker.ts';
import { serve } from './serve.ts';

const [address, dir, name, maxCached, taskQueue] = process.argv.slice(2) as [string, string, string, string?, string?];
const log = pino({ level: 'error' }, pino.destination(2));
installRuntime(log);
const worker = await createWorker({
  config: await loadOperatorConfig(join(dir, 'custody.yaml')),
  connection: { address },
  namespace: 'default',
  log,
  name,
  stateDir: dir,
  store: join(dir, 'payloads'),
  maxCachedSessions: maxCached ? Number(maxCached) : undefined,
  taskQueue,
  sealsApart: true,
});
await serve(worker.run(), () => worker.stop());
