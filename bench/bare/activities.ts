import type { Connection } from '../../activities/deps.ts';

export interface BareActivities {
  callTool(index: number): Promise<unknown>;
}

/** The same MCP call over the same kind of connection, and nothing else. */
export const bareActivities = (connection: Connection): BareActivities => ({
  callTool: (index) =>
    connection.call(
      'echo',
      { message: `call ${index}` },
      { signal: new AbortController().signal, timeout: 60_000, meta: {} },
    ),
});
