import { Connection } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { CustodyError } from '../../protocol/errors.ts';
import { cacheDir } from './cacheDir.ts';
import { DYNAMIC_CONFIG, type DynamicConfig } from './dynamicConfig.ts';
import { findTemporal } from './find.ts';
import { freePort, isFree } from './freePort.ts';
import { prepareNamespace, type SearchAttributes } from './namespace.ts';
import { startServerProcess, type ServerProcess } from './serverProcess.ts';

export interface EmbeddedTemporalOptions {
  /** `host:port` of a server that runs already: it is used as it is, and neither changed nor stopped. */
  readonly address?: string | undefined;
  /** gRPC port on 127.0.0.1; a free one by default. */
  readonly port?: number | undefined;
  /** Port of the web UI on 127.0.0.1; a free one by default. */
  readonly uiPort?: number | undefined;
  /** No web UI. Default false. */
  readonly headless?: boolean | undefined;
  /** SQLite file that keeps everything over restarts; in memory by default, which is about five times faster. */
  readonly dbFilename?: string | undefined;
  /** Created if need be. Default `default`. */
  readonly namespace?: string | undefined;
  /** Days that closed sessions are kept at least. Default 30. */
  readonly retentionDays?: number | undefined;
  readonly searchAttributes: SearchAttributes;
  /** Added to DYNAMIC_CONFIG, or in place of its entries. */
  readonly dynamicConfig?: DynamicConfig | undefined;
  /** Gets lines of progress: what is looked for, downloaded or built. */
  readonly log?: ((line: string) => void) | undefined;
}

export interface EmbeddedTemporal {
  /** `host:port` for clients and workers. */
  readonly address: string;
  /** URL of the web UI. */
  readonly uiAddress?: string;
  /** Of the server, when it is our child. It leads a process group of its own. */
  readonly pid?: number;
  /** Stops the server if it is our child. May be called again. */
  stop(): Promise<void>;
}

/** Milliseconds until a server that we started, or were told of, must answer. */
const START_LIMIT = 60_000;
const ANSWER_LIMIT = 5_000;
/** A free port can be taken between choosing and using it; then others are tried. */
const ATTEMPTS = 3;

/** The dev server reads no settings of the user's that are meant for clients. */
const withoutTemporalVariables = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));

/**
 * A Temporal for `dev`, the demo, tests and the benchmark: a server whose address is given, or else
 * a dev server of our own as a child process. It answers, and its namespace has its retention and search attributes,
 * when this settles.
 *
 * TEMPORAL_ADDRESS and configuration profiles are not read, so that nobody strikes a production cluster by accident.
 *
 * @throws CustodyError EMBEDDED_TEMPORAL_UNAVAILABLE when no way to a server works, naming all of them;
 *   EMBEDDED_TEMPORAL_FAILED when ours does not start, with its last lines;
 *   TEMPORAL_UNAVAILABLE when the server at the given address does not answer.
 */
export async function startEmbeddedTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  if (options.address !== undefined) return existing(options.address);
  const env = withoutTemporalVariables(process.env);
  const executable = await findTemporal({ env, cacheDir: cacheDir(), log: options.log ?? (() => {}) });
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start(executable, env, options);
    } catch (error) {
      const again =
        error instanceof CustodyError && error.message.includes('address already in use') && options.port === undefined;
      if (!again || attempt === ATTEMPTS) throw error;
    }
  }
}

async function existing(address: string): Promise<EmbeddedTemporal> {
  const connection = await connect(address, ANSWER_LIMIT);
  await connection.close();
  return { address, stop: async () => {} };
}

async function start(
  executable: string,
  env: NodeJS.ProcessEnv,
  options: EmbeddedTemporalOptions,
): Promise<EmbeddedTemporal> {
  const port = options.port ?? (await freePort());
  const uiPort = options.headless ? undefined : (options.uiPort ?? (await freePort()));
  const address = `127.0.0.1:${port}`;
  // A server that answers at our address must be ours: the next lines change it.
  for (const needed of [port, uiPort]) {
    if (needed !== undefined && !(await isFree(needed))) {
      throw new CustodyError(
        'EMBEDDED_TEMPORAL_FAILED',
        `The embedded Temporal needs port ${needed} of 127.0.0.1: address already in use`,
      );
    }
  }
  const server = await startServerProcess(executable, serverArguments(port, uiPort, options), env);
  const starting = new AbortController();
  try {
    await Promise.race([ready(address, options, starting.signal), diedAtStart(server)]);
  } catch (error) {
    starting.abort();
    await server.stop();
    throw error;
  }
  return {
    address,
    ...(uiPort === undefined ? {} : { uiAddress: `http://127.0.0.1:${uiPort}` }),
    pid: server.pid,
    stop: () => server.stop(),
  };
}

function serverArguments(port: number, uiPort: number | undefined, options: EmbeddedTemporalOptions): string[] {
  const dynamicConfig = { ...DYNAMIC_CONFIG, ...options.dynamicConfig };
  return [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(port),
    '--log-level',
    'error',
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(options.dbFilename === undefined ? [] : ['--db-filename', options.dbFilename]),
    ...(options.namespace === undefined ? [] : ['--namespace', options.namespace]),
    ...Object.entries(dynamicConfig).flatMap(([key, value]) => [
      '--dynamic-config-value',
      `${key}=${JSON.stringify(value)}`,
    ]),
  ];
}

async function ready(address: string, options: EmbeddedTemporalOptions, signal: AbortSignal): Promise<void> {
  const connection = await connect(address, START_LIMIT, signal);
  try {
    await prepareNamespace(connection, {
      namespace: options.namespace ?? 'default',
      searchAttributes: options.searchAttributes,
      retentionDays: options.retentionDays ?? 30,
    });
  } finally {
    await connection.close();
  }
}

async function diedAtStart(server: ServerProcess): Promise<never> {
  throw new CustodyError(
    'EMBEDDED_TEMPORAL_FAILED',
    `The embedded Temporal ended while it was starting: ${await server.ended}`,
  );
}

/** Connects as soon as the server answers. @throws CustodyError TEMPORAL_UNAVAILABLE after `limit` milliseconds. */
async function connect(address: string, limit: number, signal?: AbortSignal): Promise<Connection> {
  const giveUpAt = performance.now() + limit;
  for (;;) {
    const connection = Connection.lazy({ address, connectTimeout: 1_000 });
    try {
      await connection.ensureConnected();
      return connection;
    } catch (cause) {
      await connection.close();
      if (performance.now() > giveUpAt) {
        throw new CustodyError(
          'TEMPORAL_UNAVAILABLE',
          `Temporal at ${address} did not answer within ${limit / 1000} s: ${(cause as Error).message}`,
          { cause },
        );
      }
      await delay(50, undefined, { signal });
    }
  }
}
