import { createServer } from 'node:http';
import { announce } from '../options.mjs';
import { asTold, MEGABYTE, write } from './messages.mjs';
import { receive, respond } from './receive.mjs';
import { http, mode, state, target } from './state.mjs';

/** @typedef {import('./messages.mjs').Wire} Wire */

/** Answers each POST with one JSON body or, in the modes that need one, with an event stream. */
export function serveHttp() {
  const streaming = ['flood', 'hang', 'huge-open', 'stream-end', 'change-tools', 'ping-flood'].includes(mode);
  announce(
    createServer(async (request, response) => {
      if (mode === 'redirect') return void response.writeHead(307, { location: target }).end();
      if (mode === 'get-huge' && request.method === 'GET') {
        state.gets += 1;
        response.on('error', () => {});
        return void response
          .writeHead(200, { 'content-type': 'text/event-stream' })
          .end(`data: ${'x'.repeat(50 * MEGABYTE)}\n\n`);
      }
      if (request.method !== 'POST') return void response.writeHead(405).end();
      state.headers = request.headers;
      let body = '';
      for await (const chunk of request) body += chunk;
      const message = JSON.parse(body);
      if (message.id === undefined || message.method === undefined) {
        await receive({ send: async () => {}, raw: async () => {} }, message);
        return void response.writeHead(202).end();
      }
      if (mode === 'garbage')
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome to nginx!</html>');
      const isPoke = message.method === 'tools/call' && message.params.name === 'poke';
      if (mode.startsWith('told') && isPoke) {
        state.pokes += 1;
        const { status = 200, type = 'application/json', ...told } = message.params.arguments;
        response.writeHead(status, { 'content-type': type, location: request.url });
        return void response.end(asTold(told, message.id));
      }
      if (mode === 'told-in-session' && message.method === 'initialize') response.setHeader('mcp-session-id', 'told');
      if (mode === 'garbage-answer' && isPoke)
        return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"jsonrpc": nonsense');
      if (mode === 'no-answer' && isPoke)
        return void response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"jsonrpc":"2.0","id":"nobody","result":{}}');
      if (mode === 'broken' && isPoke) return void response.writeHead(503).end('out of order');
      const isStream = streaming && isPoke;
      response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
      response.flushHeaders();
      response.on('error', () => {});
      if (mode === 'stream-end' && isPoke) return void setTimeout(() => response.end(), 100);
      let isGone = false;
      let isBegun = false;
      response.on('close', () => (isGone = true));
      const raw = (/** @type {string} */ bytes) => {
        isBegun = true;
        return isGone ? new Promise(() => {}) : write(response, bytes);
      };
      /** @type {Wire} */
      const wire = {
        raw,
        send: (value) => raw(isStream ? `data: ${JSON.stringify(value)}\n\n` : JSON.stringify(value)),
      };
      await respond(wire, message);
      if (isBegun && (!isStream || mode === 'change-tools')) response.end();
    }),
    Number(http),
  );
}
