/**
 * Loaded before MCP's conformance suite: every request that leaves the process shows the API key of
 * CONFORMANCE_TOKEN, by `fetch` and by undici, which share one dispatcher, and by `node:http`. What is sent is the
 * suite's own in all else.
 */
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

const DISPATCHER = Symbol.for('undici.globalDispatcher.1');
const authorization = `Bearer ${process.env['CONFORMANCE_TOKEN']}`;

// Has Node.js make the dispatcher.
await fetch('data:,');
const slots = /** @type {any} */ (globalThis);
const dispatcher = slots[DISPATCHER];

/** @param {unknown} headers by undici: a list of names and values, or an object */
const loggedIn = (headers) =>
  Array.isArray(headers)
    ? [...headers, 'authorization', authorization]
    : { .../** @type {object} */ (headers), authorization };

slots[DISPATCHER] = new Proxy(dispatcher, {
  get(target, name) {
    if (name !== 'dispatch') return Reflect.get(target, name, target);
    return (/** @type {any} */ options, /** @type {any} */ handler) =>
      target.dispatch({ ...options, headers: loggedIn(options.headers) }, handler);
  },
});

const { request } = http;
http.request = /** @type {typeof request} */ (
  (/** @type {any[]} */ ...args) => {
    const sent = /** @type {any} */ (request)(...args);
    sent.setHeader('authorization', authorization);
    return sent;
  }
);
syncBuiltinESMExports();
