#!/usr/bin/env node
/**
 * An MCP server that says what it is told to say while a call runs.
 *
 *   node telling.mjs [--revision 2026-07-28|2025-11-25] [--gate FILE] [--http PORT]
 *
 * `tell` takes `steps`, and says or does each: `{ progress, total?, message? }`; `{ level, data, logger? }`;
 * `{ updated: URI }`, for who subscribed to it; `{ wait: MILLISECONDS }`; `{ gate: NAME }`, until FILE with that name
 * behind it is there; and `{ late: … }`, said once the call was answered. With `times` it does all of it so often. It
 * answers with the log level that it was asked for.
 */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, LOG_LEVEL_META_KEY, Server } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { announce, readOptions } from './options.mjs';

const options = readOptions({ revision: '2026-07-28', gate: '', http: '' });

const make = () => {
  const server = new Server(
    { name: 'telling', version: '1.0.0' },
    { capabilities: { tools: {}, logging: {}, resources: { subscribe: true } } },
  );
  /** @type {unknown} */
  let level;
  if (options.revision !== '2026-07-28')
    server.setRequestHandler('logging/setLevel', ({ params }) => {
      level = params.level;
      return {};
    });
  /** @type {Set<string>} */
  const watched = new Set();
  server.setRequestHandler('resources/list', () => ({ resources: [{ uri: 'test://watched', name: 'watched' }] }));
  if (options.revision !== '2026-07-28')
    server.setRequestHandler('resources/subscribe', ({ params }) => {
      watched.add(params.uri);
      return {};
    });
  server.setRequestHandler('tools/list', () => ({
    tools: [{ name: 'tell', inputSchema: { type: /** @type {const} */ ('object') } }],
  }));
  server.setRequestHandler('tools/call', async ({ params: { arguments: args = {} } }, { mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken;
    const steps = /** @type {any[]} */ (args.steps ?? []);
    /** @param {any} step */
    const say = async (step) => {
      if ('wait' in step) await sleep(step.wait, undefined, { signal: mcpReq.signal });
      else if ('gate' in step)
        while (!existsSync(options.gate + step.gate)) await sleep(20, undefined, { signal: mcpReq.signal });
      else if ('late' in step) setTimeout(() => void say(step.late).catch(() => undefined), 50);
      else if ('updated' in step) {
        const isWatched = options.revision === '2026-07-28' || watched.has(step.updated);
        if (isWatched) await server.sendResourceUpdated({ uri: step.updated });
      } else if ('level' in step) await mcpReq.notify({ method: 'notifications/message', params: step });
      else if (progressToken !== undefined)
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, ...step } });
    };
    for (let time = 0; time < Number(args.times ?? 1); time += 1) for (const step of steps) await say(step);
    const asked = mcpReq.envelope?.[LOG_LEVEL_META_KEY] ?? level ?? null;
    return { content: [{ type: /** @type {const} */ ('text'), text: JSON.stringify(asked) }] };
  });
  return server;
};

if (options.http !== '') announce(createServer(toNodeHandler(createMcpHandler(make))), Number(options.http));
else if (options.revision === '2026-07-28') serveStdio(make);
else await make().connect(new StdioServerTransport());

if (options.http === '') process.stdin.on('end', () => process.exit(0));
