import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { WorkerOptions } from './options.ts';
import { openParts, type Parts } from './parts.ts';
import { admission } from './temporal/admission.ts';
import { chainsOf } from './temporal/chains.ts';
import { checkSetup } from './temporal/checkSetup.ts';
import { connect } from './temporal/connect.ts';
import { spawnSealer } from './evidence/spawn.ts';
import { type Pollers, pollersOf, shutDown } from './temporal/pollers.ts';
import { seeing } from './temporal/seen.ts';
import { tellReleased } from './temporal/release.ts';
import { keepWatcher } from './temporal/watcher.ts';

export type { WorkerOptions };

export interface CustodyWorker {
  readonly name: string;
  /** Absolute folder of its payload store. */
  readonly store: string;
  /** Answers with the metrics; undefined where they are not served. */
  readonly metrics: RequestListener | undefined;
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

/**
 * A worker: runs sessions and their activities, and owns the MCP connections.
 *
 * @throws CustodyError TEMPORAL_UNAVAILABLE, NAMESPACE_NOT_FOUND, SETUP_MISSING
 */
export async function createWorker(options: WorkerOptions): Promise<CustodyWorker> {
  const connection = await connect(options.connection);
  let parts: Parts | undefined;
  try {
    await checkSetup(connection, options.namespace, options.log);
    parts = await openParts(connection, options);
    const { deps, taskQueue, client, seal, sealing } = parts;
    const pollers = await pollersOf({
      connection,
      namespace: options.namespace,
      taskQueue,
      worker: deps.worker,
      activities: createActivities(deps),
      grace: longestTimeout(options.config) + DRAIN_MARGIN,
      slots: deps.slots.count,
      cached: options.maxCachedSessions,
      delivers: Object.keys(options.config.notices?.to ?? {}).length > 0,
      seals: options.config.evidence !== undefined && !options.sealsApart,
      seal,
      interceptors: [
        admission({ isKeyed: seal.isKeyed, chainOf: chainsOf(client) }),
        seeing((session, isLast) => sealing.saw(session, isLast)),
      ],
    });
    return workerOf(connection, parts, pollers, options);
  } catch (error) {
    await parts?.close();
    await connection.close().catch(() => undefined); // An open one keeps the process alive.
    throw error;
  }
}

function workerOf(
  connection: NativeConnection,
  { deps, connections, client, taskQueue, store, metrics, drained, close }: Parts,
  { sessions, calls, own, others }: Pollers,
  options: WorkerOptions,
): CustodyWorker {
  const { namespace, log, watchEvery, config, sealsApart } = options;
  const { name } = deps.worker;
  const tell = tellReleased(client.workflow, log);
  let leaving: Promise<void> | undefined;
  /**
   * Calls are taken until every session knows that it has to send them elsewhere, and questions answered until none is
   * under way.
   */
  const stop = (): void => {
    shutDown(sessions);
    for (const other of others) shutDown(other);
    leaving ??= connections
      .release(tell)
      .then((held) => (held > 0 ? delay(LINGER) : undefined))
      .finally(() => shutDown(calls));
  };
  return {
    name,
    store,
    metrics,
    async run() {
      log.info({ worker: name, taskQueue, namespace, store }, 'worker runs');
      const sealer = config.evidence && sealsApart ? spawnSealer({ ...options, name, taskQueue, store }) : undefined;
      const leaveWatcher = watchEvery === undefined ? undefined : keepWatcher(client, taskQueue, watchEvery, log);
      try {
        const working = Promise.all([sessions, calls, ...others].map((poller) => poller.run().finally(stop)));
        await Promise.all([working.finally(() => shutDown(own)), own.run().finally(stop)]);
        await drained();
        log.info({ worker: name }, 'worker drained');
      } finally {
        leaveWatcher?.();
        await sealer?.stop();
        await close();
        await connection.close();
      }
    },
    stop,
    isRunning: () => [sessions, calls, own, ...others].every((poller) => poller.getState() === 'RUNNING'),
  };
}

const longestTimeout = ({ tools }: OperatorConfig): number =>
  Math.max(LIMITS.toolTimeout, ...Object.values(tools).map(({ timeout }) => timeout ?? 0));
