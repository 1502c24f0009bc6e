import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Connections } from '../activities/deps.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { resolveValue } from '../config/secrets.ts';
import type { Value } from '../config/schema/server.ts';
import { CustodyError } from '../protocol/errors.ts';
import type { CallOptions, HeldCall, Reply } from '../mcp/calls/call.ts';
import { McpError } from '../mcp/error.ts';
import { ConnectionPool, type Held } from '../mcp/pool.ts';
import type { ResolvedServer } from '../mcp/server.ts';
import { redacted, redactedReply, redactedTools } from './secrets/redact.ts';
import { Secrets } from './secrets/secrets.ts';

interface OwnedConnections {
  /** Gives up what is held for sessions, and tells of each. */
  release(tell: (held: Held) => Promise<void>): Promise<number>;
  closeAll(): Promise<void>;
}

/** MCP connections of a worker, to the servers of the operator's file. */
export function connectionsOf(config: OperatorConfig, log: Logger): Connections & OwnedConnections {
  const secrets = new Secrets();
  const own = new Map(Object.keys(config.servers).map((name) => [name, new Secrets(secrets)]));
  const secretsOf = (server: string): Secrets => own.get(server) ?? secrets;
  const pool = new ConnectionPool({
    resolve: (name) => resolveServer(config, name, secretsOf(name)),
    isKept: (name) => config.servers[name]?.whenLost === 'pause',
    log: log.child({}, { serializers: { error: (text: unknown) => secrets.redact(String(text)) } }),
  });
  const discreet = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      if (!(error instanceof McpError)) throw error;
      const { code, message, sent, answered, passing, cause, rpc } = error;
      throw new McpError(code, secrets.redact(message), {
        sent,
        answered,
        passing,
        cause,
        rpc: rpc && { code: rpc.code, message: secrets.redact(rpc.message) },
      });
    });
  const calls = new Map<string, { readonly sessionId: string; readonly server: string; readonly call: HeldCall }>();
  const taken = async (sessionId: string, server: string, work: Promise<Reply>): Promise<Reply> => {
    const reply = await discreet(work);
    if ('forms' in reply && reply.held) calls.set(reply.held.id, { sessionId, server, call: reply.held });
    return redactedReply(reply, secretsOf(server));
  };
  return {
    async acquire(sessionId, server, signal, lease) {
      const connection = await discreet(
        unlessAborted(
          lease === undefined ? pool.acquire(sessionId, server) : pool.held({ sessionId, server, lease }),
          signal,
        ),
      );
      return {
        lease: connection.lease,
        get closed() {
          return connection.closed;
        },
        done: pool.use(connection),
        protocolVersion: connection.protocolVersion,
        protocolSession: connection.protocolSession,
        offers: connection.offers,
        get leftOut() {
          return redacted(connection.leftOut, secretsOf(server));
        },
        tools: async (options) => redactedTools(await discreet(connection.tools(options)), secretsOf(server)),
        call: (tool, args, options) =>
          taken(sessionId, server, connection.call(tool, args, quietly(options, secretsOf(server)))),
        request: (method, params, options) =>
          taken(sessionId, server, connection.request(method, params, quietly(options, secretsOf(server)))),
      };
    },
    holds: (sessionId, server, lease) =>
      pool.held({ sessionId, server, lease }).then(
        () => true,
        () => false,
      ),
    release: (tell) => pool.release(tell),
    async goOn(sessionId, id, responses, options) {
      const held = calls.get(id);
      const [given] = responses;
      if (held?.sessionId !== sessionId || !given)
        throw new McpError(
          'CONNECTION_LOST',
          'The call in which the server asked is not open on this worker any more.',
          { sent: true },
        );
      calls.delete(id);
      return taken(sessionId, held.server, held.call.respond(given.response, options));
    },
    async closeSession(sessionId) {
      for (const [id, held] of calls) {
        if (held.sessionId !== sessionId) continue;
        calls.delete(id);
        held.call.cancel();
      }
      await pool.closeSession(sessionId);
    },
    closeAll: () => pool.closeAll(),
  };
}

/** What the server says of its progress and logs, too. */
const quietly = (options: CallOptions, secrets: Secrets): CallOptions =>
  secrets.isEmpty
    ? options
    : {
        ...options,
        ...(options.onProgress && { onProgress: (progress) => options.onProgress?.(redacted(progress, secrets)) }),
        ...(options.onLog && { onLog: (log) => options.onLog?.(redacted(log, secrets)) }),
      };

/** Stops waiting when the signal is aborted; an opening under way goes on for whoever asks next. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([work, aborted]);
  } finally {
    if (abort) signal.removeEventListener('abort', abort);
  }
}

/**
 * A server of custody.yaml with its secrets, read now and added to `secrets`. Fails with UNKNOWN_SERVER and
 * SECRET_MISSING.
 */
async function resolveServer(config: OperatorConfig, name: string, secrets: Secrets): Promise<ResolvedServer> {
  const server = config.servers[name];
  if (!server) throw new CustodyError('UNKNOWN_SERVER', `The configuration of this worker has no server '${name}'.`);
  const { connectTimeout, mayAsk } = server;
  if (server.kind === 'http')
    return {
      kind: 'http',
      name,
      connectTimeout,
      mayAsk,
      url: server.url,
      headers: await resolveAll(server.headers, config.dir, secrets),
    };
  return {
    kind: 'stdio',
    name,
    connectTimeout,
    mayAsk,
    command: server.command,
    args: server.args,
    env: await resolveAll(server.env, config.dir, secrets),
    cwd: resolve(config.dir, server.cwd ?? '.'),
    shared: server.shared,
  };
}

async function resolveAll(
  values: { readonly [name: string]: Value },
  dir: string,
  secrets: Secrets,
): Promise<Record<string, string>> {
  const resolved = Object.entries(values).map(async ([name, value]) => {
    const text = await resolveValue(value, dir);
    if (typeof value !== 'string') secrets.add(text);
    return [name, text] as const;
  });
  return Object.fromEntries(await Promise.all(resolved));
}
