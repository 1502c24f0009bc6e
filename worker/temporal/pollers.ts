import type { DataConverter } from '@temporalio/common';
import {
  type ActivityInterceptorsFactory,
  type NativeConnection,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import type { EvidenceActivities } from '../../activities/evidence/index.ts';
import type { Activities } from '../../activities/types.ts';
import type { WorkerIdentity } from '../../protocol/workers/worker.ts';
import { boundQueue, evidenceQueue, noticesQueue, workerQueue } from '../../protocol/workers/queues.ts';
import { builtFile, workflowBundle } from './bundle.ts';
import type { Seal } from '../seal.ts';

/** Notices that a worker delivers at once. */
const DELIVERIES = 20;
/** Sessions that a worker seals at once. */
const SEALINGS = 2;

/** What all pollers have in common. */
export interface Shared {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly worker: Pick<WorkerIdentity, 'name' | 'boot'>;
  /** Milliseconds that activities under way get when a poller is stopped. */
  readonly grace: number;
  readonly seal: Seal;
  /** What stands around each activity, the outermost first. */
  readonly interceptors: readonly ActivityInterceptorsFactory[];
}

/** What the pollers of one worker have in common. */
export interface Polling extends Shared {
  readonly activities: Activities;
  /** Calls at once on the stateful servers that the worker holds. */
  readonly slots: number;
  /** Sessions kept in memory at once; the SDK's choice where it is undefined. */
  readonly cached: number | undefined;
  /** It has destinations for notices. */
  readonly delivers: boolean;
  /** It has an archive for evidence, and seals itself. */
  readonly seals: boolean;
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
  const { taskQueue, worker, activities, slots, cached, seal, delivers, seals } = polling;
  const shared = sharedBy(polling);
  const { callTool, openServer, recallOutcome, holdsLease, closeSession, deliver } = activities;
  const others = [
    ...(delivers
      ? [
          Worker.create({
            ...shared,
            taskQueue: noticesQueue(taskQueue),
            activities: { deliver },
            maxConcurrentActivityTaskExecutions: DELIVERIES,
          }),
        ]
      : []),
    ...(seals ? [sealingPoller(polling, activities)] : []),
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

/** Makes the poller of sealing. */
export function sealingPoller(polling: Shared, activities: EvidenceActivities): Promise<Worker> {
  const { sealRecords, obeyOrder, sealNamespace } = activities;
  return Worker.create({
    ...sharedBy(polling),
    taskQueue: evidenceQueue(polling.taskQueue),
    activities: { sealRecords, obeyOrder, sealNamespace },
    maxConcurrentActivityTaskExecutions: SEALINGS,
  });
}

const sharedBy = ({ connection, namespace, worker, grace, seal, interceptors }: Shared) =>
  ({
    connection,
    namespace,
    identity: `custody/${worker.name}/${worker.boot}`,
    shutdownGraceTime: grace,
    maxHeartbeatThrottleInterval: 1000,
    defaultHeartbeatThrottleInterval: 1000,
    dataConverter: dataConverterOf(seal),
    interceptors: { activity: [...interceptors] },
  }) satisfies Partial<WorkerOptions>;

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
