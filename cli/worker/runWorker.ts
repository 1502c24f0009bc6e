import { type Logger, pino } from 'pino';
import type { ConnectionSettings } from '../../client/temporal/connection.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { logLines } from '../render/logLine.ts';
import { listed, quote } from '../../protocol/values/text.ts';
import type { DeploymentKeys } from '../../worker/options.ts';
import type { CustodyWorker } from '../../worker/worker.ts';
import { WATCH_EVERY } from '../../workflows/messages.ts';
import { onStopSignal } from './stopSignals.ts';

export interface RunWorkerOptions extends ConnectionSettings {
  readonly config: OperatorConfig;
  readonly name?: string | undefined;
  readonly taskQueue?: string | undefined;
  /** Goes before what the configuration and the environment say. */
  readonly store?: string | undefined;
  /** Keys where the configuration names none. */
  readonly deployment?: DeploymentKeys | undefined;
  readonly maxCachedSessions?: number | undefined;
  readonly maxCalls?: number | undefined;
  /** Port of the health probes; none by default. */
  readonly healthPort?: number | undefined;
  /** Address of the interface that they answer on; 127.0.0.1 by default. */
  readonly healthHost?: string | undefined;
  /** Of log lines on stderr; CUSTODY_LOG_LEVEL goes before it. */
  readonly logLevel: string;
  /** Log lines are text for people, not JSON. */
  readonly isLogForPeople?: boolean | undefined;
  /** Called once the worker takes work. @param healthPort where the probes answer, if they do */
  readonly onRunning: (worker: {
    readonly name: string;
    readonly store: string;
    readonly healthPort: number | undefined;
  }) => void;
  /** Called when it begins to drain. */
  readonly onStopping?: (() => void) | undefined;
}

/**
 * A worker in this process, until SIGINT or SIGTERM; then it drains. It settles when the worker has ended.
 *
 * @throws CustodyError NATIVE_WORKER_MISSING, TEMPORAL_UNAVAILABLE, NAMESPACE_NOT_FOUND, SETUP_MISSING
 */
export async function runWorker(options: RunWorkerOptions): Promise<void> {
  const log = logOf(options);
  const { installRuntime, createWorker, serveHealth } = await loadWorker();
  installRuntime(log);
  let isReady = (): boolean => false;
  let metrics: CustodyWorker['metrics'];
  const { healthPort, healthHost = '127.0.0.1' } = options;
  const health =
    healthPort === undefined
      ? undefined
      : await serveHealth(
          healthHost,
          healthPort,
          () => isReady(),
          () => metrics,
        ).catch(unusable(healthHost, healthPort));
  try {
    const { config, connection, namespace, name, taskQueue, store, deployment, maxCachedSessions, maxCalls } = options;
    const worker = await createWorker({
      config,
      connection,
      namespace,
      log,
      name,
      taskQueue,
      store,
      deployment,
      maxCachedSessions,
      maxCalls,
      watchEvery: WATCH_EVERY,
      sealsApart: true,
    });
    metrics = worker.metrics;
    if (metrics && !health) log.warn('telemetry.prometheus is on, and /metrics is served with --health-port alone');
    const running = worker.run();
    isReady = () => worker.isRunning();
    const ignoreSignals = onStopSignal(() => {
      log.info({ worker: worker.name }, 'worker drains');
      options.onStopping?.();
      worker.stop();
    });
    options.onRunning({ name: worker.name, store: worker.store, healthPort: health?.port });
    await running.finally(ignoreSignals);
  } finally {
    await health?.close();
  }
}

function logOf({ logLevel, isLogForPeople }: RunWorkerOptions): Logger {
  const level = process.env.CUSTODY_LOG_LEVEL || logLevel;
  const known = [...Object.keys(pino.levels.values), 'silent'];
  if (!known.includes(level))
    throw new CustodyError('USAGE', `CUSTODY_LOG_LEVEL is ${quote(level)}; write one of ${listed(known)}.`);
  if (!isLogForPeople) return pino({ level }, pino.destination({ dest: 2, sync: true }));
  const shown = logLines(level === 'debug' || level === 'trace');
  return pino({ level }, { write: (line) => void process.stderr.write(shown(line)) });
}

/** The native worker is an optional package, loaded only by the commands that run one. */
async function loadWorker() {
  try {
    const [{ installRuntime }, { createWorker }, { serveHealth }] = await Promise.all([
      import('../../worker/runtime.ts'),
      import('../../worker/worker.ts'),
      import('../../worker/health.ts'),
    ]);
    return { installRuntime, createWorker, serveHealth };
  } catch (error) {
    throw new CustodyError(
      'NATIVE_WORKER_MISSING',
      `@temporalio/worker cannot be loaded: ${(error as Error).message.split('\n')[0]}`,
      { cause: error },
    );
  }
}

const unusable =
  (host: string, port: number) =>
  (error: Error): never => {
    throw new CustodyError('USAGE', `The health port ${port} of ${host} cannot be used: ${error.message}`);
  };
