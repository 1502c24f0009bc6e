import type { DataConverter } from '@temporalio/common';
import {
  type ActivityInterceptorsFactory,
  type NativeConnection,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import type { Activities } from '../../activities/types.ts';
import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import { boundQueue, evidenceQueue, noticesQueue, workerQueue } from '../../protocol/workers/queues.ts';
import { builtFile, workflowBundle } from './bundle.ts';
import type { Seal } from '../seal.ts';

/** Notices that a worker delivers at once. */
const DELIVERIES = 20;
/** Sessions that a worker seals at once. */
const SEALINGS = 2;

/** What the pollers of one worker have in common. */
export interface Polling {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly worker: WorkerIdentity;
  readonly activities: Activities;
  /** Milliseconds that activities under way get when a poller is stopped. */
  readonly grace: number;
  /** Calls at once on the stateful servers that the worker holds. */
  readonly slots: number;
  /** Sessions kept in memory at once; the SDK's choice where it is undefined. */
  readonly cached: number | undefined;
  /** It has destinations for notices. */
  readonly delivers: boolean;
  /** It has an archive for evidence. */
  readonly seals: boolean;
  readonly seal: Seal;
  /** What stands around each activity, the outermost first. */
  readonly interceptors: readonly ActivityInterceptorsFactory[];
}

/** The SDK's workers that make up one of ours: each takes tasks from one task queue. */
export interface Pollers {
  /** Sessions, and what any worker can do for them. */
  readonly sessions: Worker;
  /** Calls on the servers that this worker holds. */
  readonly calls: Worker;
  /** Questions that this worker alone can answer; and calls that it holds open, as they go on. */
  readonly own: Worker;
  /** Deliveries of notices, where there are destinations; sealing, where there is an archive. */
  readonly others: readonly Worker[];
}

/**
 * Makes the pollers; none takes a task before it is run. The settings are measured: with the defaults a dead worker
 * costs 10 s more, a cancel takes 20 s, and a planned stop cuts calls off.
 */
export async function pollersOf(polling: Polling): Promise<Pollers> {
  const { connection, namespace, taskQueue, worker, activities, grace, slots, cached, seal } = polling;
  const shared = {
    connection,
    namespace,
    identity: `custody/${worker.name}/${worker.boot}`,
    shutdownGraceTime: grace,
    maxHeartbeatThrottleInterval: 1000,
    defaultHeartbeatThrottleInterval: 1000,
    dataConverter: dataConverterOf(seal),
    interceptors: { activity: [...polling.interceptors] },
  } satisfies Partial<WorkerOptions>;
  const { callTool, openServer, recallOutcome, holdsLease, closeSession, deliver, sealRecords } = activities;
  const { delivers, seals } = polling;
  const apart = (queue: string, some: Partial<Activities>, most: number): Promise<Worker> =>
    Worker.create({ ...shared, taskQueue: queue, activities: some, maxConcurrentActivityTaskExecutions: most });
  const others = [
    ...(delivers ? [apart(noticesQueue(taskQueue), { deliver }, DELIVERIES)] : []),
    ...(seals ? [apart(evidenceQueue(taskQueue), { sealRecords }, SEALINGS)] : []),
  ];
  return {
    sessions: await Worker.create({
      ...shared,
      taskQueue,
      workflowBundle: await workflowBundle(seal.encrypts),
      activities,
      stickyQueueScheduleToStartTimeout: 1000,
      ...(cached === undefined ? {} : { maxCachedWorkflows: cached }),
    }),
    calls: await Worker.create({
      ...shared,
      taskQueue: boundQueue(taskQueue, worker.name),
      activities: { callTool },
      maxConcurrentActivityTaskExecutions: slots,
    }),
    own: await Worker.create({
      ...shared,
      taskQueue: workerQueue(taskQueue, worker.name),
      activities: { callTool, openServer, recallOutcome, holdsLease, closeSession },
    }),
    others: await Promise.all(others),
  };
}

/** Stops a poller, unless it is stopping already or never ran. */
export function shutDown(poller: Worker): void {
  if (poller.getState() === 'RUNNING') poller.shutdown();
}

/** Loaded by path: the same files as are in the bundle. */
const dataConverterOf = ({ codec, encrypts }: Seal): DataConverter => ({
  payloadConverterPath: builtFile('workflows/sdk/payloadConverter.js'),
  ...(encrypts ? { failureConverterPath: builtFile('workflows/sdk/hiddenFailures.js') } : {}),
  payloadCodecs: [codec],
});
