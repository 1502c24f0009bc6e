import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  status,
  type handleUnaryCall,
  type ServiceDefinition,
} from '@grpc/grpc-js';

const PATH = '/temporal.api.workflowservice.v1.WorkflowService/';
/** What a client needs for asking how a session is. */
const METHODS = ['GetSystemInfo', 'DescribeWorkflowExecution', 'DescribeTaskQueue', 'QueryWorkflow'] as const;

export interface LossyTemporal {
  readonly address: string;
  /** Queries that came, the lost ones too. */
  readonly queries: () => number;
  readonly stop: () => void;
}

/**
 * The Temporal at `address`, but for the first query: nobody ever answers it; with `resetAfter`, it is cancelled after
 * so many milliseconds, as where Temporal notices first that the time is up. The caller stops it.
 */
export async function startLossyTemporal(address: string, resetAfter?: number): Promise<LossyTemporal> {
  const upstream = new Client(address, credentials.createInsecure());
  let queries = 0;
  const forward =
    (path: string): handleUnaryCall<Buffer, Buffer> =>
    (call, callback) => {
      if (path.endsWith('QueryWorkflow') && (queries += 1) === 1) {
        if (resetAfter !== undefined)
          setTimeout(() => callback({ code: status.CANCELLED, details: 'Call cancelled' }), resetAfter);
        return;
      }
      upstream.makeUnaryRequest(path, same, same, call.request, new Metadata(), (error, answer) =>
        callback(
          error && { code: error.code ?? status.UNKNOWN, details: error.details, metadata: error.metadata },
          answer,
        ),
      );
    };
  const server = new Server();
  const paths = METHODS.map((method) => `${PATH}${method}`);
  server.addService(
    Object.fromEntries(
      paths.map((path) => [
        path,
        {
          path,
          requestStream: false,
          responseStream: false,
          requestSerialize: same,
          requestDeserialize: same,
          responseSerialize: same,
          responseDeserialize: same,
        },
      ]),
    ) satisfies ServiceDefinition,
    Object.fromEntries(paths.map((path) => [path, forward(path)])),
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    address: `127.0.0.1:${port}`,
    queries: () => queries,
    stop: () => {
      server.forceShutdown();
      upstream.close();
    },
  };
}

const same = (bytes: Buffer): Buffer => bytes;
