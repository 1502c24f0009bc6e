import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AsyncCompletionClient, Client } from '@temporalio/client';
import { NativeConnection, type NativeConnectionOptions, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { ActivityDeps } from '../activities/deps.ts';
import { createActivities } from '../activities/index.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { CustodyError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { boundQueue, TASK_QUEUE, workerQueue } from '../protocol/queues.ts';
import { FolderStore } from '../store/folder.ts';
import { problemOfFolder, storeFolder } from '../store/location.ts';
import { checkSetup } from './checkSetup.ts';
import { configurationOf } from './configuration.ts';
import { connectionsOf } from './connections.ts';
import { moveIn } from './identity.ts';
import { tellReleased } from './release.ts';
import { OutcomeStore } from './outcomes.ts';
import { lookoutOf } from './lookout.ts';
import { runsOf } from './runs.ts';
import { keepWatcher } from './watcher.ts';

export interface WorkerOptions {
  readonly config: OperatorConfig;
  readonly connection: NativeConnectionOptions;
  readonly namespace: string;
  readonly log: Logger;
  /** Kept over restarts; the host's name by default. */
  readonly name?: string | undefined;
  readonly taskQueue?: string | undefined;
  /** Where state that must survive the process is kept. */
  readonly stateDir?: string | undefined;
  /**
   * Folder of the payload store; else `store.folder` of the configuration, else $CUSTODY_STORE, else the user's data
   * folder.
   */
  readonly store?: string | undefined;
  /** Sessions kept in memory at once; the SDK's choice by default. */
  readonly maxCachedSessions?: number | undefined;
  /**
   * Milliseconds between the looks of the watcher that this worker sees to (L11); without it the worker leaves that to
   * others.
   */
  readonly watchEvery?: number | undefined;
  /** Calls at once on the stateful servers that it holds; 100 by default. */
  readonly maxCalls?: number | undefined;
  /** For tests of faults: stands between the activities and what they use. */
  readonly wrap?: ((deps: ActivityDeps) => ActivityDeps) | undefined;
}

export interface CustodyWorker {
  readonly name: string;
  /** Absolute folder of its payload store. */
  readonly store: string;
  /** Works until `stop`; then drains. */
  run(): Promise<void>;
  stop(): void;
  /** Does it take work now: is it neither starting, nor draining, nor ended? */
  isRunning(): boolean;
}

/** Time beyond the longest tool timeout that a draining worker waits for calls under way. */
const DRAIN_MARGIN = 10_000;
/** Milliseconds in which calls still come that were on their way when their sessions were told. */
const LINGER = 1000;
/** Calls at once on the stateful servers of a worker. */
const MAX_CALLS = 100;

/**
 * A worker: runs sessions and their activities, and owns the MCP connections (D7). The settings are measured: with the
 * defaults a dead worker costs 10 s more, a cancel takes 20 s, and a planned stop cuts calls off.
 *
 * @throws CustodyError TEMPORAL_UNAVAILABLE, NAMESPACE_NOT_FOUND, SETUP_MISSING
 */
export async function createWorker(options: WorkerOptions): Promise<CustodyWorker> {
  const connection = await connect(options.connection);
  try {
    return await workerOn(connection, options);
  } catch (error) {
    await connection.close().catch(() => undefined); // An open one keeps the process alive.
    throw error;
  }
}

async function workerOn(connection: NativeConnection, options: WorkerOptions): Promise<CustodyWorker> {
  const { config, namespace, log } = options;
  const taskQueue = options.taskQueue ?? TASK_QUEUE;
  await checkSetup(connection, namespace, log);
  const home = await moveIn(options.name, options.stateDir);
  const { identity } = home;
  const payloads = new FolderStore(storeFolder(options.store ?? config.store?.folder));
  const problem = await problemOfFolder(payloads.dir);
  if (problem !== undefined)
    log.warn(
      { store: payloads.dir, problem },
      'the payload store cannot be used: results above 64 KiB are kept as hash, size and preview alone',
    );
  const outcomes = await OutcomeStore.open(join(home.dir, 'outcomes.jsonl'));
  const connections = connectionsOf(config, log);
  const marks = new AsyncCompletionClient({ connection, namespace });
  const client = new Client({ connection, namespace });
  const slots = options.maxCalls ?? MAX_CALLS;
  const deps: ActivityDeps = {
    worker: identity,
    config: configurationOf(config),
    connections,
    outcomes,
    payloads,
    runs: runsOf(client),
    lookout: lookoutOf(client, taskQueue),
    slots,
    mark: (taskToken, mark) => marks.heartbeat(taskToken, mark),
  };
  const activities = createActivities(options.wrap?.(deps) ?? deps);
  const shared = {
    connection,
    namespace,
    identity: `custody/${identity.name}/${identity.boot}`,
    shutdownGraceTime: longestTimeout(config) + DRAIN_MARGIN,
    maxHeartbeatThrottleInterval: 1000,
    defaultHeartbeatThrottleInterval: 1000,
  };
  const sessions = await Worker.create({
    ...shared,
    taskQueue,
    workflowBundle: { codePath: bundlePath() },
    activities,
    stickyQueueScheduleToStartTimeout: 1000,
    ...(options.maxCachedSessions === undefined ? {} : { maxCachedWorkflows: options.maxCachedSessions }),
  });
  const { callTool, openServer, recallOutcome, holdsLease, closeSession } = activities;
  const calls = await Worker.create({
    ...shared,
    taskQueue: boundQueue(taskQueue, identity.name),
    activities: { callTool },
    maxConcurrentActivityTaskExecutions: slots,
  });
  // `callTool`: what a call that was asked about goes on with.
  const own = await Worker.create({
    ...shared,
    taskQueue: workerQueue(taskQueue, identity.name),
    activities: { callTool, openServer, recallOutcome, holdsLease, closeSession },
  });
  const tell = tellReleased(client.workflow, log);
  let leaving: Promise<void> | undefined;
  /**
   * Calls are taken until every session knows that it has to send them elsewhere, and questions answered until none is
   * under way.
   */
  const stop = (): void => {
    shutDown(sessions);
    leaving ??= connections
      .release(tell)
      .then((held) => (held > 0 ? delay(LINGER) : undefined))
      .finally(() => shutDown(calls));
  };

  return {
    name: identity.name,
    store: payloads.dir,
    async run() {
      log.info({ worker: identity.name, taskQueue, namespace, store: payloads.dir }, 'worker runs');
      const leaveWatcher =
        options.watchEvery === undefined ? undefined : keepWatcher(client, taskQueue, options.watchEvery, log);
      try {
        const working = Promise.all([sessions, calls].map((worker) => worker.run().finally(stop)));
        await Promise.all([working.finally(() => shutDown(own)), own.run().finally(stop)]);
        await home.leave();
        log.info({ worker: identity.name }, 'worker drained');
      } finally {
        leaveWatcher?.();
        await connections.closeAll();
        await outcomes.close();
        await connection.close();
      }
    },
    stop,
    isRunning: () => [sessions, calls, own].every((worker) => worker.getState() === 'RUNNING'),
  };
}

/** Audit records go through the memo, a few at a time, so the SDK's warning above 2 KiB says nothing. */
async function connect(options: NativeConnectionOptions): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect({ ...options, payloadLimits: { memoWarnSize: 0, ...options.payloadLimits } });
  } catch (error) {
    const why = /message: "([^"]*)"/.exec((error as Error).message)?.[1] ?? (error as Error).message;
    throw new CustodyError(
      'TEMPORAL_UNAVAILABLE',
      `Temporal does not answer at ${options.address ?? 'localhost:7233'}: ${why}`,
      { cause: error },
    );
  }
}

function shutDown(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}

const longestTimeout = ({ tools }: OperatorConfig): number =>
  Math.max(LIMITS.toolTimeout, ...Object.values(tools).map(({ timeout }) => timeout ?? 0));

/** The bundle that `npm run build` made, beside this file or, when run from source, in dist/. */
function bundlePath(): string {
  const beside = fileURLToPath(new URL('../workflows/bundle.cjs', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../dist/workflows/bundle.cjs', import.meta.url));
}
