import { ApplicationFailure, Context } from '@temporalio/activity';
import type { ToolPin, Effect } from '../protocol/calls/call.ts';
import type { WorkerIdentity } from '../protocol/worker.ts';
import { CustodyError, type ErrorCode } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { McpError } from '../mcp/error.ts';
import type { ListedTool } from '../mcp/tools.ts';
import type { ActivityDeps, Configuration, Connection } from './deps.ts';
import { heartbeats } from './heartbeats.ts';
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
      const tools = Object.fromEntries(listed.map(([name, tool]) => [name, pinOf(config, server, name, tool)]));
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

function pinOf(config: Configuration, server: string, name: string, tool: ListedTool): ToolPin {
  const rule = config.toolRule(server, name);
  const trusted = config.trustsAnnotations(server) ? effectOf(tool.annotations) : undefined;
  const effect = rule.effect ?? trusted ?? 'irreversible';
  return { hash: tool.hash, effect, timeout: rule.timeout ?? LIMITS.toolTimeout, ...(rule.undo ? { undo: true } : {}) };
}

/** MCP's hints, where the operator trusts them; what a hint leaves open takes the worse. */
const effectOf = ({ readOnlyHint, idempotentHint }: ListedTool['annotations']): Effect =>
  readOnlyHint === true ? 'read-only' : idempotentHint === true ? 'idempotent' : 'irreversible';

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
