import pino from 'pino';
import type { McpConnection } from '../../mcp/connection.ts';
import { openConnection } from '../../mcp/open.ts';
import type { ResolvedServer } from '../../mcp/server.ts';

export interface BareActivities {
  open(workflowId: string): Promise<void>;
  callTool(workflowId: string, index: number): Promise<unknown>;
  close(workflowId: string): Promise<void>;
}

/**
 * The same MCP calls over the same client, and nothing else. As a session has it, each workflow has a connection of its
 * own, which with a stdio server is a process.
 */
export function bareActivities(server: ResolvedServer): BareActivities {
  const connections = new Map<string, Promise<McpConnection>>();
  const log = pino({ level: 'error' }, pino.destination(2));
  const opened = (workflowId: string): Promise<McpConnection> => {
    const signal = new AbortController().signal;
    const connection = connections.get(workflowId) ?? openConnection(server, { signal, timeout: 60_000, log });
    connections.set(workflowId, connection);
    return connection;
  };
  return {
    async open(workflowId) {
      await opened(workflowId);
    },
    async callTool(workflowId, index) {
      const connection = await opened(workflowId);
      const signal = new AbortController().signal;
      const options = { signal, timeout: 60_000, meta: {}, maxResultBytes: 10 * 1024 * 1024 };
      return connection.call('echo', { message: `call ${index}` }, options);
    },
    async close(workflowId) {
      const connection = connections.get(workflowId);
      connections.delete(workflowId);
      await (await connection)?.close();
    },
  };
}
