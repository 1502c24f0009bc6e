#!/usr/bin/env node
/**
 * A real MCP server that is the judge of the kill tests: its journal knows what arrived and what was done.
 *
 *   node journal.mjs --journal FILE [--revision R] [--sdk v1|v2] [--http PORT] [--sessions yes]
 *
 * R is 2026-07-28 (default; SDK v2, which serves older clients as well), 2025-11-25 (SDK v2, or v1) or 2025-06-18 (SDK
 * v1). Without --http it speaks stdio. With it, it prints {"url", "pid"} as its first line; --sessions gives each
 * client a protocol session, which the revisions before 2026-07-28 have.
 */
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Journal, TOOLS } from './journal-tools.mjs';
import { announce, readOptions } from './options.mjs';

const options = readOptions({ journal: '', revision: '2026-07-28', sdk: '', http: '', sessions: '' });
const journal = new Journal(options.journal);
const info = { name: 'journal', version: '1.0.0' };
const capabilities = { tools: {} };

/** @typedef {{ connect(transport: any): Promise<void>, close(): Promise<void> }} AnyServer */

/** A server of SDK v2. @returns {Promise<() => import('@modelcontextprotocol/server').Server>} */
async function v2() {
  const { Server } = await import('@modelcontextprotocol/server');
  return () => {
    const server = new Server(info, { capabilities });
    server.setRequestHandler('tools/list', () => ({ tools: TOOLS }));
    server.setRequestHandler('tools/call', ({ params }, { mcpReq }) =>
      journal.call(params.name, params.arguments ?? {}, mcpReq._meta ?? {}, {
        signal: mcpReq.signal,
        notify: (message) => mcpReq.notify(/** @type {any} */ (message)),
      }),
    );
    return server;
  };
}

/**
 * A server of SDK v1, which answers with the revision it was told instead of the latest it knows.
 * @returns {Promise<() => AnyServer>}
 */
async function v1() {
  const { Server } = await import('@modelcontextprotocol/sdk/server/index.js');
  const types = await import('@modelcontextprotocol/sdk/types.js');
  return () => {
    const server = new Server(info, { capabilities });
    server.setRequestHandler(types.InitializeRequestSchema, () => ({
      protocolVersion: options.revision,
      capabilities,
      serverInfo: info,
    }));
    server.setRequestHandler(types.ListToolsRequestSchema, () => ({ tools: TOOLS }));
    server.setRequestHandler(types.CallToolRequestSchema, ({ params }, { signal, sendNotification }) =>
      journal.call(params.name, params.arguments ?? {}, params._meta ?? {}, {
        signal,
        notify: (message) => sendNotification(/** @type {any} */ (message)),
      }),
    );
    return server;
  };
}

/**
 * Serves HTTP with a server and a transport that live as long as the request, or as its protocol session.
 * @param {() => AnyServer} make
 * @param {new (options: any) => any} Transport
 */
function legacyHandler(make, Transport) {
  /** @type {Map<string, any>} */
  const sessions = new Map();
  return async (
    /** @type {import('node:http').IncomingMessage} */ request,
    /** @type {import('node:http').ServerResponse} */ response,
  ) => {
    const id = request.headers['mcp-session-id'];
    const known = sessions.get(String(id));
    if (known !== undefined) return known.handleRequest(request, response);
    if (id !== undefined) return void response.writeHead(404).end('session not found');
    const transport = new Transport(
      options.sessions === ''
        ? { sessionIdGenerator: undefined }
        : {
            sessionIdGenerator: randomUUID,
            onsessioninitialized: (/** @type {string} */ session) => void sessions.set(session, transport),
            onsessionclosed: (/** @type {string} */ session) => void sessions.delete(session),
          },
    );
    const server = make();
    await server.connect(transport);
    if (options.sessions === '') response.on('close', () => void server.close());
    await transport.handleRequest(request, response);
  };
}

const isV1 = options.sdk === 'v1' || options.revision === '2025-06-18';
const isHttp = options.http !== '';

if (isV1) {
  const make = await v1();
  if (isHttp) {
    const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js');
    announce(createServer(legacyHandler(make, StreamableHTTPServerTransport)), Number(options.http));
  } else {
    const { StdioServerTransport } = await import('@modelcontextprotocol/sdk/server/stdio.js');
    await make().connect(new StdioServerTransport());
  }
} else {
  const make = await v2();
  const isModern = options.revision === '2026-07-28';
  if (isHttp && isModern) {
    const { createMcpHandler } = await import('@modelcontextprotocol/server');
    const { toNodeHandler } = await import('@modelcontextprotocol/node');
    announce(createServer(toNodeHandler(createMcpHandler(make))), Number(options.http));
  } else if (isHttp) {
    const { NodeStreamableHTTPServerTransport } = await import('@modelcontextprotocol/node');
    announce(createServer(legacyHandler(make, NodeStreamableHTTPServerTransport)), Number(options.http));
  } else {
    const { serveStdio, StdioServerTransport } = await import('@modelcontextprotocol/server/stdio');
    if (isModern) serveStdio(make);
    else await make().connect(new StdioServerTransport());
  }
}

// A stdio server goes when its client does.
if (!isHttp) process.stdin.on('end', () => process.exit(0));
