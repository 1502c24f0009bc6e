import type { RequestListener } from 'node:http';
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Telemetry } from '../activities/deps.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { receiverOf } from '../config/telemetry/receiver.ts';
import type { WorkerIdentity } from '../protocol/workers/worker.ts';
import { passedOn } from '../telemetry/pass.ts';
import { Secrets } from './secrets/secrets.ts';
import { countSessions } from './temporal/counts.ts';

/** Telemetry of a worker. */
export interface OpenTelemetry {
  readonly attempts: Telemetry;
  /** Answers with the metrics; undefined where they are not served. */
  readonly metrics?: RequestListener | undefined;
  /** Sends what waits, for a few seconds at most. */
  close(): Promise<void>;
}

/** Nothing goes out; what a caller is traced by goes on to its servers. */
const OFF: OpenTelemetry = {
  attempts: { sends: passedOn, ended: () => undefined },
  close: async () => undefined,
};

/**
 * Opens what the operator's file says of telemetry. The SDK of OpenTelemetry is loaded only where it says anything.
 *
 * @throws CustodyError SECRET_MISSING, CONFIG_INVALID
 */
export async function openTelemetry(
  config: OperatorConfig,
  { name, boot }: WorkerIdentity,
  client: Client,
  taskQueue: string,
  log: Logger,
): Promise<OpenTelemetry> {
  if (!config.telemetry) return OFF;
  const otlp = await receiverOf(config);
  const [{ openProviders }, { Attempts }, { AttemptMetrics }, { observeSessions }, { placeOf }] = await Promise.all([
    import('../telemetry/providers.ts'),
    import('../telemetry/attempts.ts'),
    import('../telemetry/instruments.ts'),
    import('../telemetry/sessions.ts'),
    import('../telemetry/places.ts'),
  ]);
  const secrets = new Secrets();
  for (const value of Object.values(otlp?.headers ?? {})) secrets.add(value);
  const { prometheus } = config.telemetry;
  const tell = (signal: string, problem: string | undefined): void =>
    problem === undefined
      ? log.info({ signal }, 'the receiver of telemetry takes what is sent again')
      : log.warn({ signal, problem: secrets.redact(problem) }, 'the receiver of telemetry does not take what is sent');
  const { tracer, meter, metrics, close } = openProviders({ otlp, prometheus, instance: `${name}/${boot}`, tell });
  observeSessions(meter, () => countSessions(client, taskQueue));
  const places = new Map(Object.entries(config.servers).map(([server, each]) => [server, placeOf(each)]));
  log.info({ traces: otlp !== undefined, metrics: { pushed: otlp !== undefined, served: prometheus } }, 'telemetry on');
  return { attempts: new Attempts(tracer, new AttemptMetrics(meter), places), metrics, close };
}
