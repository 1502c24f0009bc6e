import type { Intent } from '../protocol/calls/call.ts';
import { CustodyError } from '../protocol/errors.ts';
import { isObject, type JsonObject, problemOfJson } from '../protocol/values/json.ts';
import { problemOfArguments } from './schema/argumentsFit.ts';
import type { CallOptions } from '../mcp/calls/call.ts';
import type { ActivityDeps, Connection, Sent } from './deps.ts';

/** What the tool is called with; from the payload store where history has but a reference. */
export async function argumentsOf({ payloads }: ActivityDeps, { args, argsRef }: Intent): Promise<JsonObject> {
  if (!argsRef) return args;
  const value = await payloads.get(argsRef);
  const problem = isObject(value) ? problemOfJson(value) : 'they are no JSON object';
  if (problem)
    throw new CustodyError(
      'MALFORMED_COMMAND',
      `The arguments with SHA-256 ${argsRef.sha256} cannot be sent: ${problem}.`,
    );
  return value as JsonObject;
}

/**
 * Room for a call that is bound to this worker, on whichever task queue it came; nothing for another. Throws
 * HELD_ELSEWHERE and WORKER_BUSY, and the call goes back unsent.
 */
export function takeSlot({ worker, slots }: ActivityDeps, { server, lease, holder }: Intent): (() => void) | undefined {
  const { name } = worker;
  if (holder !== undefined && holder !== name)
    throw new CustodyError('HELD_ELSEWHERE', `Worker ${holder} holds '${server}' for the session, and not ${name}.`);
  if (lease === undefined) return undefined;
  const giveBack = slots.take();
  if (giveBack) return giveBack;
  throw new CustodyError(
    'WORKER_BUSY',
    `All ${slots.count} slots of worker ${name}, which holds '${server}', are taken.`,
  );
}

/** A connection to the server as the session pinned it: the one that the call is bound to, if it is. */
export async function connect(deps: ActivityDeps, intent: Intent, signal: AbortSignal): Promise<Connection> {
  const { server, sessionId, lease } = intent;
  if (deps.config.serverHash(server) !== intent.configHash)
    throw new CustodyError(
      'CONFIG_CHANGED',
      `The configuration of '${server}' on this worker is not the one that the session pinned.`,
    );
  return deps.connections.acquire(sessionId, server, signal, lease);
}

/**
 * Throws TOOL_CHANGED where the server does not list the tool as the session pinned it, and ARGUMENTS_INVALID where the
 * arguments do not fit its schema, unless the operator says that the schema is wrong.
 */
export async function checkCall(
  { config }: ActivityDeps,
  connection: Connection,
  { server, tool, method, toolHash, compensates }: Intent,
  args: JsonObject,
): Promise<void> {
  if (method !== undefined) return;
  const listed = (await connection.tools()).get(tool);
  if (listed?.hash !== toolHash)
    throw new CustodyError(
      'TOOL_CHANGED',
      `The definition of '${server}.${tool}' ${listed ? 'is not the one that the session pinned' : 'is gone'}.`,
    );
  if (compensates !== undefined) return;
  const problem = problemOfArguments(args, listed.definition.inputSchema);
  if (problem === undefined || config.toolRule(server, tool).checkArguments === false) return;
  const what = `The arguments do not fit the schema of '${server}.${tool}': ${problem}`;
  throw new CustodyError('ARGUMENTS_INVALID', what.endsWith('?') ? what : `${what}.`);
}

/** The server is told of which trace the call is. */
export const traced = (options: CallOptions, { traceparent }: Sent): CallOptions =>
  traceparent === undefined ? options : { ...options, meta: { ...options.meta, traceparent } };
