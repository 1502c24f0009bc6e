import { ApplicationFailure, Context } from '@temporalio/activity';
import type { WorkerIdentity } from '../protocol/workers/worker.ts';
import { CustodyError, type ErrorCode } from '../protocol/errors.ts';
import { McpError } from '../mcp/error.ts';
import type { ActivityDeps, Configuration, Connection } from './deps.ts';
import { heartbeats } from './heartbeats/heartbeats.ts';
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
      const isTime = Date.now() < context.info.scheduledTimestampMs + wait;
      const mayPass = isTime && error instanceof McpError && error.passing;
      throw asFailure(error, { server, worker, mayPass, isFinal: wait > 0 && !isTime });
    } finally {
      await connection?.done();
      beats.stop();
    }
  };

/** @throws CustodyError UNKNOWN_SERVER */
export function serverHashOf(config: Configuration, server: string): string {
  const hash = config.serverHash(server);
  if (hash !== undefined) return hash;
  throw new CustodyError('UNKNOWN_SERVER', `The configuration of this worker has no server '${server}'.`);
}

/** What passes by itself: a worker that is stopping, a payload store that is away, a list that is being written. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['WORKER_LOST', 'STORE_UNAVAILABLE', 'PRINCIPALS_INVALID']);

/** What is known of a failure beside the error. */
interface Circumstances {
  readonly server?: string;
  /** Goes with it, so that the session knows who failed. */
  readonly worker?: WorkerIdentity;
  /** It is worth another try. */
  readonly mayPass?: boolean;
  /** What nobody expected is not worth another try any more. */
  readonly isFinal?: boolean;
}

/**
 * Custody's refusals are final, but for those that pass by themselves; anything else may be tried again, as often as
 * the activity is.
 */
export function asFailure(
  error: unknown,
  { server, worker, mayPass = false, isFinal = false }: Circumstances = {},
): ApplicationFailure {
  const isKnown = error instanceof CustodyError;
  const text = error instanceof Error ? error.message : String(error);
  return ApplicationFailure.create({
    message: server === undefined ? text : `server '${server}': ${text}`,
    type: isKnown ? error.code : 'INTERNAL_ERROR',
    nonRetryable: isKnown ? !mayPass && !PASSING.has(error.code) : isFinal,
    details: worker ? [worker] : [],
  });
}
