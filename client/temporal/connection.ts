import { Connection, type ConnectionOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { CustodyError } from '../../protocol/errors.ts';
import { retryOptions } from '../sdk/busy.ts';
import { endOnceClosed, OpenRequests } from '../sdk/closed.ts';

export interface ConnectOptions {
  /** `host:port`; else TEMPORAL_ADDRESS, else the profile, else localhost:7233. */
  readonly address?: string | undefined;
  /** Else TEMPORAL_NAMESPACE, else the profile, else `default`. */
  readonly namespace?: string | undefined;
  /** A profile of Temporal's configuration file; else TEMPORAL_PROFILE, else `default`. */
  readonly profile?: string | undefined;
  /**
   * The task queue of the workers that shall run sessions; `custody` by default. Groups of workers in one namespace are
   * told apart by it.
   */
  readonly taskQueue?: string | undefined;
  /** Folder of the payload store, the one that the workers have; else CUSTODY_STORE, else the user's data folder. */
  readonly store?: string | undefined;
}

export interface ConnectionSettings {
  /** Fits clients and workers alike: address, TLS, API key, metadata. */
  readonly connection: ReturnType<typeof loadClientConnectConfig>['connectionOptions'] & { readonly address: string };
  readonly namespace: string;
}

/**
 * Where and how to reach Temporal, from options, the environment and Temporal's own configuration files, in this order.
 *
 * @throws CustodyError TEMPORAL_UNAVAILABLE when there is no such profile, or the files cannot be used
 */
export function connectionSettings(options: ConnectOptions = {}): ConnectionSettings {
  const { connectionOptions, namespace } = temporalConfiguration(options.profile);
  return {
    connection: { ...connectionOptions, address: options.address ?? connectionOptions.address ?? 'localhost:7233' },
    namespace: options.namespace ?? namespace ?? 'default',
  };
}

function temporalConfiguration(profile: string | undefined): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig(profile === undefined ? {} : { profile });
  } catch (error) {
    throw new CustodyError(
      'TEMPORAL_UNAVAILABLE',
      `Temporal's own configuration cannot be used: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

const CONNECT_TIMEOUT = 5000;

/** A page of history is up to 256 events, whatever their size, and gRPC takes 4 MiB by default. In bytes. */
const LARGEST_MESSAGE = 128 * 1024 * 1024;

/**
 * @param requests where the caller finds those under way, to end them
 * @throws CustodyError TEMPORAL_UNAVAILABLE
 */
export async function openConnection(
  { connection }: ConnectionSettings,
  requests = new OpenRequests(),
): Promise<Connection> {
  try {
    return await Connection.connect({
      ...(connection as ConnectionOptions),
      connectTimeout: CONNECT_TIMEOUT,
      channelArgs: { 'grpc.max_receive_message_length': LARGEST_MESSAGE },
      interceptors: [requests.interceptor, makeGrpcRetryInterceptor(retryOptions()), endOnceClosed],
    });
  } catch (error) {
    throw new CustodyError('TEMPORAL_UNAVAILABLE', `Temporal does not answer at ${connection.address}.`, {
      cause: error,
    });
  }
}
