import { ApplicationFailure } from '@temporalio/activity';
import type { ServerPin, ToolPin, WorkerIdentity } from '../session/call.ts';
import type { Effect } from '../session/call.ts';
import { CustodyError } from '../session/errors.ts';
import { LIMITS } from '../session/governance.ts';
import type { ActivityDeps, Configuration, ListedTool } from './deps.ts';
import { heartbeats } from './heartbeats.ts';

/** Opens a server and pins every tool that it lists (L2). */
export const openServer = ({ config, connections, worker }: ActivityDeps) =>
  async ({ sessionId, server }: { readonly sessionId: string; readonly server: string }): Promise<{ readonly pin: ServerPin; readonly worker: WorkerIdentity }> => {
    const beats = heartbeats(undefined);
    try {
      const configHash = config.serverHash(server);
      if (configHash === undefined) throw new CustodyError('UNKNOWN_SERVER', `custody.yaml of this worker has no server '${server}'.`);
      const connection = await connections.acquire(sessionId, server, beats.signal);
      const listed = [...(await connection.tools({ again: true }))];
      const tools = Object.fromEntries(listed.map(([name, tool]) => [name, pinOf(config, server, name, tool)]));
      return { pin: { configHash, protocolVersion: connection.protocolVersion, tools }, worker };
    } catch (error) {
      throw asFailure(error, server);
    } finally {
      beats.stop();
    }
  };

function pinOf(config: Configuration, server: string, name: string, tool: ListedTool): ToolPin {
  const rule = config.toolRule(server, name);
  const trusted = config.trustsAnnotations(server) ? effectOf(tool.annotations) : undefined;
  const effect = rule.effect ?? trusted ?? 'irreversible';
  return { hash: tool.hash, effect, timeout: rule.timeout ?? LIMITS.toolTimeout, ...(rule.undo ? { undo: true } : {}) };
}

/** MCP's hints, where the operator trusts them; what a hint leaves open takes the worse (E3). */
const effectOf = ({ readOnlyHint, idempotentHint }: ListedTool['annotations']): Effect =>
  (readOnlyHint === true ? 'read-only' : idempotentHint === true ? 'idempotent' : 'irreversible');

/** Custody's refusals are final; anything else may be tried again. */
export function asFailure(error: unknown, server?: string): ApplicationFailure {
  const name = server === undefined ? '' : `server '${server}': `;
  if (error instanceof CustodyError) return ApplicationFailure.create({ message: `${name}${error.message}`, type: error.code, nonRetryable: true });
  return ApplicationFailure.create({ message: `${name}${error instanceof Error ? error.message : String(error)}`, type: 'INTERNAL_ERROR', nonRetryable: false });
}
