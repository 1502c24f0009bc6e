import { ASK_METHODS } from '../protocol/calls/questions.ts';
import { Client, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import type { PriorDiscovery } from '@modelcontextprotocol/client';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { ClientConnection } from './client-connection.ts';
import type { McpConnection } from './connection.ts';
import { deadlineOf } from './deadline.ts';
import { excerpt, McpError } from './error.ts';
import { openFailure } from './calls/failure.ts';
import { HttpTransport } from './http/transport.ts';
import { capabilitiesFor } from './calls/clientAsk.ts';
import type { ResolvedServer } from './server.ts';
import { StdioTransport } from './stdio/transport.ts';

/** How Custody introduces itself to servers. */
export const CLIENT_INFO = { name: 'custody', version: '0.1.0' };

export interface OpenOptions {
  /** Gives the opening up. */
  readonly signal: AbortSignal;
  /** Milliseconds for the opening, and for each later listing of tools. */
  readonly timeout: number;
  readonly log: Pick<Logger, 'debug' | 'warn'>;
}

/** Errors of one connection that are logged; a server can cause any number of them. */
const LOGGED_ERRORS = 20;

/**
 * Servers known to speak only revisions before 2026-07-28: they are spared the probe, which some answer by silence and
 * some by their end. The verdict expires, since such a server works on in the old way after it learned the new one.
 */
const legacyServers = new LRUCache<string, true>({ max: 1000, ttl: 10 * 60 * 1000 });

/**
 * Opens a connection and agrees on a protocol revision: 2026-07-28 if the server speaks it, else the latest that both
 * sides know. The capabilities that are declared are those that the server may ask for; its other requests are refused.
 *
 * Throws McpError, always with `sent: false`: SERVER_UNAVAILABLE (cannot be started, reached or logged in to; silent;
 * dies at start), SERVER_PROTOCOL_ERROR, SERVER_REFUSED, CALL_CANCELLED.
 */
export async function openConnection(server: ResolvedServer, options: OpenOptions): Promise<McpConnection> {
  const entry = server.kind === 'http' ? server.url : JSON.stringify([server.command, server.args, server.cwd]);
  const { signal: deadline, end } = deadlineOf(options.signal, options.timeout);
  try {
    const prior = legacyServers.get(entry) ? LEGACY : undefined;
    let attempt = await tryOpen(server, options, deadline, prior);
    if ('diedAtProbe' in attempt && attempt.diedAtProbe) attempt = await tryOpen(server, options, deadline, LEGACY);
    if ('error' in attempt) throw attempt.error;
    if (attempt.isLegacy) legacyServers.set(entry, true);
    return attempt.connection;
  } finally {
    end();
  }
}

const LEGACY: PriorDiscovery = { kind: 'legacy' };

type Attempt =
  | { readonly connection: McpConnection; readonly isLegacy: boolean }
  /**
   * A server may end itself when its first message is not `initialize`: it is worth a second start without the probe.
   */
  | { readonly error: McpError; readonly diedAtProbe: boolean };

async function tryOpen(
  server: ResolvedServer,
  { timeout, log }: OpenOptions,
  deadline: AbortSignal,
  prior: PriorDiscovery | undefined,
): Promise<Attempt> {
  const transport = server.kind === 'stdio' ? new StdioTransport(server) : new HttpTransport(server);
  let connection: ClientConnection | undefined;
  const onToolsChanged = (): void => connection?.forgetTools();
  const { mayAsk = ['form'] } = server;
  const client = new Client(CLIENT_INFO, {
    capabilities: capabilitiesFor(mayAsk),
    versionNegotiation: { mode: 'auto', probe: { timeoutMs: timeout / 2 } },
    inputRequired: { autoFulfill: false },
    listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: onToolsChanged } },
  });
  for (const kind of mayAsk)
    client.setRequestHandler(ASK_METHODS[kind], ({ params }, { mcpReq }) => {
      if (!connection)
        throw new ProtocolError(ProtocolErrorCode.InvalidRequest, 'No call is under way that this could be about.');
      return connection.ask(kind, params, mcpReq.signal) as Promise<never>;
    });
  client.fallbackRequestHandler = async ({ method }) => {
    connection?.refuse(method);
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found');
  };
  client.setNotificationHandler('notifications/tools/list_changed', onToolsChanged);
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => connection?.updated(params.uri));
  client.setNotificationHandler('notifications/message', ({ params }) => connection?.log(params));
  let logged = 0;
  client.onerror = (error) => {
    if (logged++ < LOGGED_ERRORS) log.debug({ server: server.name, error: excerpt(error.message) }, 'MCP server');
  };
  const giveUp = (): void => void transport.close();
  deadline.addEventListener('abort', giveUp, { once: true });
  try {
    deadline.throwIfAborted();
    await client.connect(transport, { timeout, signal: deadline, ...(prior === undefined ? {} : { prior }) });
    connection = new ClientConnection(server, client, transport, timeout);
    return { connection, isLegacy: client.getProtocolEra() === 'legacy' };
  } catch (error) {
    const ended = transport instanceof StdioTransport ? transport.fault : undefined;
    await transport.close();
    return {
      error: explain(error, server, transport, ended, deadline, timeout),
      diedAtProbe: ended?.code === 'CONNECTION_LOST' && prior === undefined && !deadline.aborted,
    };
  } finally {
    deadline.removeEventListener('abort', giveUp);
  }
}

/** The end of a process says more than what it made of the request; so does noise where messages were expected. */
function explain(
  error: unknown,
  server: ResolvedServer,
  transport: StdioTransport | HttpTransport,
  ended: McpError | undefined,
  signal: AbortSignal,
  timeout: number,
): McpError {
  const failure = openFailure(signal.aborted ? error : (ended ?? error), {
    server: server.name,
    what: 'opening',
    signal,
    timeout,
  });
  if (transport instanceof HttpTransport || failure.code !== 'SERVER_UNAVAILABLE') return failure;
  const code = transport.isNoisy ? 'SERVER_PROTOCOL_ERROR' : failure.code;
  const words = failure.message.includes(transport.lastWords) ? '' : transport.lastWords;
  return new McpError(code, `${failure.message}${words}`, { sent: false, cause: error });
}
