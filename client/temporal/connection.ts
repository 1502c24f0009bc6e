import { Connection, type ConnectionOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { CustodyError } from '../../protocol/errors.ts';
import { retryOptions } from '../sdk/busy.ts';
import { endOnceClosed, OpenRequests } from '../sdk/closed.ts';
import type { ConnectOptions } from './connectOptions.ts';

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
      `Temporal's own configuration, which a profile is of, cannot be used: ${(error as Error).message}`,
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
