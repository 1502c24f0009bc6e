import { ApplicationFailure, Context } from '@temporalio/activity';
import type { WorkerIdentity } from '../protocol/worker.ts';
import { CustodyError, type ErrorCode } from '../protocol/errors.ts';
import { McpError } from '../mcp/error.ts';
import type { ActivityDeps, Configuration, Connection } from './deps.ts';
import { heartbeats } from './heartbeats.ts';
import { pinOf } from './pin.ts';
import type { Activities } from './types.ts';

/** Opens a server and pins every tool that it lists. */
export const openServer =
  ({ config, connections, worker, slots }: ActivityDeps): Activities['openServer'] =>
  async ({ sessionId, server, lease, wait = 0 }) => {
    const context = Context.current();
    const beats = heartbeats(undefined);
    let connection: Connection | undefined;
    try {
      const configHash = serverHashOf(config, server);
      connection = await connections.acquire(sessionId, server, beats.signal, lease);
      const listed = [...(await connection.tools({ again: true }))];
      const tools = Object.fromEntries(listed.map(([name, tool]) => [name, pinOf(config, server, tool)]));
      const held =
        connection.lease === undefined
          ? {}
          : { lease: { lease: connection.lease, slots: slots.count, whenLost: config.whenLost(server) } };
      const { protocolVersion, offers, leftOut } = connection;
      const pin = { configHash, protocolVersion, tools, offers, ...(leftOut.length > 0 ? { leftOut } : {}) };
      return { pin, worker, ...held };
    } catch (error) {
      const isLate = error instanceof McpError && error.passing;
      throw asFailure(error, server, worker, isLate && Date.now() < context.info.scheduledTimestampMs + wait);
    } finally {
      await connection?.done();
      beats.stop();
    }
  };

/** @throws CustodyError UNKNOWN_SERVER */
export function serverHashOf(config: Configuration, server: string): string {
  const hash = config.serverHash(server);
  if (hash !== undefined) return hash;
  throw new CustodyError('UNKNOWN_SERVER', `custody.yaml of this worker has no server '${server}'.`);
}

/** What passes by itself: a worker that is stopping, a payload store that is away. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['WORKER_LOST', 'STORE_UNAVAILABLE']);

/**
 * `worker` goes with it, so that the session knows who refused. Custody's refusals are final, but for those that pass
 * by themselves; anything else may be tried again.
 */
export function asFailure(
  error: unknown,
  server?: string,
  worker?: WorkerIdentity,
  mayPass = false,
): ApplicationFailure {
  const name = server === undefined ? '' : `server '${server}': `;
  if (error instanceof CustodyError)
    return ApplicationFailure.create({
      message: `${name}${error.message}`,
      type: error.code,
      nonRetryable: !mayPass && !PASSING.has(error.code),
      details: worker ? [worker] : [],
    });
  return ApplicationFailure.create({
    message: `${name}${error instanceof Error ? error.message : String(error)}`,
    type: 'INTERNAL_ERROR',
    nonRetryable: false,
  });
}
