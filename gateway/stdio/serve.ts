import { randomBytes } from 'node:crypto';
import { pipeline } from 'node:stream';
import type { Server } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { SessionHandle } from '../../client/index.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { Seals } from '../auth/seals.ts';
import { Served } from '../mcp/served.ts';
import { ClientLines } from './clientLines.ts';

export interface ServeOptions {
  readonly session: SessionHandle;
  readonly version: string;
  /** The client starts it: nothing was called in it before. */
  readonly isNew: boolean;
  readonly parkAfter?: number | undefined;
  /** Hears of troubles that no answer tells. Must not write to stdout, which is the protocol's. */
  readonly onTrouble: (message: string) => void;
}

/**
 * Serves a session to one MCP client over stdin and stdout, whichever protocol generation it speaks, until the client
 * is gone. The session, and every call that it took, goes on without.
 */
export async function serve({ session, version, isNew, parkAfter, onTrouble }: ServeOptions): Promise<void> {
  const servers = new Set<Server>();
  const served = new Served({
    session,
    version,
    // Whoever has the state has this process, and nobody else has.
    keeper: { seals: new Seals(), subject: 'stdio' },
    parkAfter,
    connection: randomBytes(9).toString('base64url'),
    onTrouble,
    onListsChanged: async () => {
      await Promise.allSettled(
        [...servers].flatMap((server) => [
          server.sendToolListChanged(),
          server.sendResourceListChanged(),
          server.sendPromptListChanged(),
        ]),
      );
    },
  });
  const instructions = await served.instructions(isNew);

  const lines = new ClientLines(process.stdout, onTrouble);
  pipeline(process.stdin, lines, () => undefined);
  // A line of the greatest length, and its newline.
  const transport = new StdioServerTransport(lines, process.stdout, { maxBufferSize: LIMITS.messageBytes + 1 });
  await new Promise<void>((resolve) => {
    serveStdio(
      ({ era }) => {
        const server = served.server(instructions, era === 'modern');
        servers.add(server);
        server.onclose = () => servers.delete(server);
        return server;
      },
      { transport, onerror: (error) => onTrouble(error.message) },
    );
    const close = transport.onclose;
    transport.onclose = () => {
      close?.();
      resolve();
    };
  });
  lines.destroy();
  await served.close();
}
