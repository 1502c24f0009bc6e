import { pipeline } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Server } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import type { SessionHandle } from '../../client/index.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { Calls } from '../mcp/calls/calls.ts';
import { Mirror } from '../mcp/mirror/mirror.ts';
import { createServer } from '../mcp/server.ts';
import { type Found, instructionsFor } from '../mcp/own/ownTools.ts';
import { RECENT } from '../mcp/own/status.ts';
import { ClientLines } from './clientLines.ts';
import { StateWatch } from '../mcp/own/stateWatch.ts';

/** How long a client that comes to a session waits to hear what was called in it, in milliseconds. */
const LOOK = 5000;

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
  const life = new AbortController();
  const watch = new StateWatch();
  const state = (): string => watch.state;
  const mirror = new Mirror(session, life.signal, onTrouble);
  const calls = new Calls({ session, parkAfter, state });
  const servers = new Set<Server>();
  let owesLists = false;
  const instructions = instructionsFor(session.id, isNew ? undefined : await foundIn(session));

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
          { session, version, instructions, mirror, calls, state, onIncomplete: () => (owesLists = true) },
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

/** A session as a client finds it; undefined where that cannot be had soon, as no worker is there. */
function foundIn(session: SessionHandle): Promise<Found | undefined> {
  const found = session.recentCalls(RECENT).catch(() => undefined);
  return Promise.race([found, delay(LOOK, undefined, { ref: false })]);
}
