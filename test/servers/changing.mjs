#!/usr/bin/env node
/**
 * An MCP server of revision 2026-07-28 (SDK v2) whose tool `change` changes its own definition and says so; `stay` does
 * not.
 *
 *   node changing.mjs [--description TEXT] [--http PORT]
 */
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { announce, readOptions } from './options.mjs';

const options = readOptions({ description: 'Changes itself.', http: '' });
let changes = 0;
/** @type {(server: Server) => Promise<unknown> | void} */
let announceChange = (server) => server.sendToolListChanged();

const make = () => {
  const server = new Server({ name: 'changing', version: '1.0.0' }, { capabilities: { tools: { listChanged: true } } });
  server.setRequestHandler('tools/list', () => ({
    tools: [
      {
        name: 'change',
        description: `${options.description} So far ${changes} times.`,
        inputSchema: { type: 'object' },
      },
      { name: 'stay', description: 'Stays as it is.', inputSchema: { type: 'object' } },
    ],
  }));
  server.setRequestHandler('tools/call', async ({ params }) => {
    if (params.name === 'stay') return { content: [{ type: 'text', text: 'stayed' }] };
    changes += 1;
    await announceChange(server);
    return { content: [{ type: 'text', text: `changed ${changes} times` }] };
  });
  return server;
};

if (options.http === '') {
  serveStdio(make);
} else {
  const handler = createMcpHandler(make);
  announceChange = () => handler.notify.toolsChanged();
  announce(createServer(toNodeHandler(handler)), Number(options.http));
}
