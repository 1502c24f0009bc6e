import { resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Connections } from '../activities/deps.ts';
import type { OperatorConfig } from '../config/operator.ts';
import { resolveValue } from '../config/secrets.ts';
import { CustodyError } from '../session/errors.ts';
import { LIMITS } from '../session/governance.ts';
import { openConnection } from './mcp/open.ts';
import type { McpConnection } from './mcp/connection.ts';
import type { ResolvedServer } from './mcp/server.ts';

/** MCP connections of a worker, to the servers of the operator's file. */
export function connectionsOf(config: OperatorConfig, log: Logger): Connections & { closeAll(): Promise<void> } {
  const open = new Map<string, Promise<McpConnection>>();
  const keyOf = (sessionId: string, server: string) => `${sessionId} ${server}`;
  return {
    async acquire(sessionId, server) {
      const key = keyOf(sessionId, server);
      let connection = open.get(key);
      if (!connection || (await connection.catch(() => ({ closed: true }))).closed) {
        connection = resolveServer(config, server).then((resolved) => openConnection(resolved, { signal: new AbortController().signal, timeout: config.servers[server]?.connectTimeout ?? 30_000, log }));
        open.set(key, connection);
      }
      const ready = await connection;
      return { protocolVersion: ready.protocolVersion, tools: () => ready.tools(), call: (tool, args, options) => ready.call(tool, args, { ...options, meta: options.meta as never, maxResultBytes: LIMITS.messageBytes }) };
    },
    async closeSession(sessionId) {
      for (const [key, connection] of open) if (key.startsWith(`${sessionId} `)) { open.delete(key); await (await connection).close(); }
    },
    async closeAll() {
      for (const connection of open.values()) await connection.then((c) => c.close(), () => undefined);
    },
  };
}

/** A server of custody.yaml with its secrets, read now. Fails with UNKNOWN_SERVER and SECRET_MISSING. */
async function resolveServer(config: OperatorConfig, name: string): Promise<ResolvedServer> {
  const server = config.servers[name];
  if (!server) throw new CustodyError('UNKNOWN_SERVER', `custody.yaml of this worker has no server '${name}'.`);
  if (server.kind === 'http') return { kind: 'http', name, url: server.url, headers: await resolveAll(server.headers, config.dir) };
  return { kind: 'stdio', name, command: server.command, args: server.args, env: await resolveAll(server.env, config.dir), cwd: resolve(config.dir, server.cwd ?? '.') };
}

async function resolveAll(values: { readonly [name: string]: Parameters<typeof resolveValue>[0] }, dir: string): Promise<Record<string, string>> {
  return Object.fromEntries(await Promise.all(Object.entries(values).map(async ([name, value]) => [name, await resolveValue(value, dir)] as const)));
}
