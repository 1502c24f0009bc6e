import { pipeline } from 'node:stream';
import type { Server } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { SessionHandle } from '../../client/index.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { Calls } from '../mcp/calls/calls.ts';
import { Mirror } from '../mcp/mirror/mirror.ts';
import { createServer } from '../mcp/server.ts';
import { ClientLines } from './clientLines.ts';
import { StateWatch } from '../mcp/own/stateWatch.ts';

export interface ServeOptions {
  readonly session: SessionHandle;
  readonly version: string;
  readonly parkAfter?: number | undefined;
  /** Hears of troubles that no answer tells. Must not write to stdout, which is the protocol's. */
  readonly onTrouble: (message: string) => void;
}

/**
 * Serves a session to one MCP client over stdin and stdout, whichever protocol generation it speaks, until the client
 * is gone. The session, and every call that it took, goes on without.
 */
export async function serve({ session, version, parkAfter, onTrouble }: ServeOptions): Promise<void> {
  const life = new AbortController();
  const watch = new StateWatch();
  const state = (): string => watch.state;
  const mirror = new Mirror(session, life.signal, onTrouble);
  const calls = new Calls({ session, parkAfter, state });
  const servers = new Set<Server>();
  let owesLists = false;

  const tellClients = async (): Promise<void> => {
    const changed = await mirror.refresh();
    if (!changed && !owesLists) return;
    owesLists = false;
    await Promise.allSettled(
      [...servers].flatMap((server) => [
        server.sendToolListChanged(),
        server.sendResourceListChanged(),
        server.sendPromptListChanged(),
      ]),
    );
  };
  const watching = watch.run(
    session,
    life.signal,
    () => void tellClients().catch((error: unknown) => onTrouble(String(error))),
  );

  const lines = new ClientLines(process.stdout, onTrouble);
  pipeline(process.stdin, lines, () => undefined);
  // A line of the greatest length, and its newline.
  const transport = new StdioServerTransport(lines, process.stdout, { maxBufferSize: LIMITS.messageBytes + 1 });
  await new Promise<void>((resolve) => {
    serveStdio(
      ({ era }) => {
        const server = createServer(
          { session, version, mirror, calls, state, onIncomplete: () => (owesLists = true) },
          era === 'modern',
        );
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
  life.abort();
  await watching;
}
