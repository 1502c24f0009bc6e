#!/usr/bin/env node
/**
 * An MCP server whose tools ask before they act, and which keeps a journal of what it did.
 *
 *   node asking.mjs --journal FILE [--revision 2026-07-28|2025-11-25] [--http PORT]
 *
 * Under 2026-07-28 it answers with `input_required`; under 2025-11-25 (stdio only) it sends requests in mid-call.
 * `order` asks for one form and writes down what it was told; `survey` asks two at once; `lookup` asks and only reads;
 * `wait` asks nothing and takes `delayMs`; `again` asks for nothing but another call; `think` wants a model, `where`
 * the client's roots, `browse` a link opened.
 */
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, inputRequired, Server } from '@modelcontextprotocol/server';
import { serveStdio, StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { announce, readOptions } from './options.mjs';

const options = readOptions({ journal: '', revision: '2026-07-28', http: '' });
const write = (/** @type {object} */ entry) => appendFileSync(options.journal, `${JSON.stringify(entry)}\n`);
const text = (/** @type {unknown} */ value) => ({
  content: [{ type: /** @type {const} */ ('text'), text: JSON.stringify(value) }],
});

const FORM = {
  message: 'Order 12 chairs for 340 EUR?',
  requestedSchema: {
    type: /** @type {const} */ ('object'),
    properties: {
      confirm: { type: /** @type {const} */ ('boolean'), title: 'Confirm' },
      colour: { type: /** @type {const} */ ('string'), enum: ['red', 'blue'] },
      copies: { type: /** @type {const} */ ('integer'), minimum: 1, maximum: 3 },
    },
    required: ['confirm'],
  },
};
const WHO = {
  message: 'Who pays?',
  requestedSchema: {
    type: /** @type {const} */ ('object'),
    properties: { name: { type: /** @type {const} */ ('string'), minLength: 2 } },
    required: ['name'],
  },
};

const TOOLS = ['order', 'survey', 'lookup', 'wait', 'again', 'think', 'where', 'browse'].map((name) => ({
  name,
  inputSchema: { type: /** @type {const} */ ('object') },
}));

/**
 * What a tool wants to know, by key. @type {Record<string, () => import('@modelcontextprotocol/server').InputRequests>}
 */
const ASKS = {
  order: () => ({ order: inputRequired.elicit(FORM) }),
  survey: () => ({ order: inputRequired.elicit(FORM), who: inputRequired.elicit(WHO) }),
  lookup: () => ({ order: inputRequired.elicit(FORM) }),
  think: () => ({
    thought: inputRequired.createMessage({
      messages: [{ role: 'user', content: { type: 'text', text: 'Think.' } }],
      maxTokens: 1,
    }),
  }),
  where: () => ({ folders: inputRequired.listRoots() }),
  browse: () => ({ page: inputRequired.elicitUrl({ message: 'Log in', url: 'https://example.com/login' }) }),
};

const make = () => {
  const server = new Server({ name: 'asking', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools: TOOLS }));
  server.setRequestHandler('tools/call', async ({ params: { name, arguments: args } }, { mcpReq }) => {
    const key = mcpReq._meta?.['io.custody/idempotency-key'];
    const state = mcpReq.requestState();
    write({ phase: state === undefined ? 'begin' : 'again', tool: name, key, pid: process.pid });
    mcpReq.signal.addEventListener('abort', () => write({ phase: 'cancelled', tool: name, key }));
    if (name === 'wait') await sleep(Number(args?.delayMs ?? 0), undefined, { signal: mcpReq.signal });
    if (name === 'again' && state === undefined) return inputRequired({ requestState: 'once more' });
    const asks = ASKS[name];
    if (asks && mcpReq.inputResponses === undefined)
      return inputRequired({ inputRequests: asks(), requestState: `${name}: 340 EUR` });
    write({ phase: 'end', tool: name, key, state, responses: mcpReq.inputResponses });
    return text(mcpReq.inputResponses ?? state ?? null);
  });
  return server;
};

if (options.http !== '') announce(createServer(toNodeHandler(createMcpHandler(make))), Number(options.http));
else if (options.revision === '2026-07-28') serveStdio(make);
else await make().connect(new StdioServerTransport());

if (options.http === '') process.stdin.on('end', () => process.exit(0));
