/** A worker of bare workflows with the settings of Custody's: `worker.js ADDRESS SERVER`, the server as JSON. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import pino from 'pino';
import type { ResolvedServer } from '../../mcp/server.ts';
import { installRuntime } from '../../worker/runtime.ts';
import { serve } from '../place/serve.ts';
import { bareActivities } from './activities.ts';
import { BARE_QUEUE } from './queue.ts';

const [address, server] = process.argv.slice(2) as [string, string];
installRuntime(pino({ level: 'error' }, pino.destination(2)));
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address }),
  taskQueue: BARE_QUEUE,
  workflowBundle: await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('./workflow.js', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  }),
  activities: bareActivities(JSON.parse(server) as ResolvedServer),
  stickyQueueScheduleToStartTimeout: 1000,
  maxHeartbeatThrottleInterval: 1000,
  defaultHeartbeatThrottleInterval: 1000,
});
await serve(worker.run(), () => worker.getState() === 'RUNNING' && worker.shutdown());
