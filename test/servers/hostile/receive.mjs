import { answer, text } from './messages.mjs';
import { ON_POKE } from './onPoke.mjs';
import { mode, state } from './state.mjs';
import { listTools } from './tools.mjs';

/** @typedef {import('./messages.mjs').Wire} Wire */
/** @typedef {import('./messages.mjs').Request} Request */

/** @param {Wire} wire @param {any} message */
export async function receive(wire, message) {
  if (message.method === undefined) {
    state.replies.push(message);
    if (state.replies.length === 3) await wire.send(answer(state.pokeId, text(JSON.stringify(state.replies))));
    return;
  }
  if (message.id === undefined) return void state.heard.push(message);
  await respond(wire, message);
}

/** @param {Wire} wire @param {Request} request */
export async function respond(wire, { id, method, params }) {
  if (mode === 'mute' || mode === 'garbage' || mode === 'garbage-once') return;
  if (mode === 'mute-at-probe' && method === 'server/discover') return;
  if (mode === 'dies-at-probe' && method === 'server/discover') process.exit(1);
  if (method === 'initialize') {
    return wire.send(
      answer(id, {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'hostile', version: '1.0.0' },
      }),
    );
  }
  if (method === 'tools/list') return wire.send(answer(id, listTools(params)));
  if (method === 'tools/call' && params.name === 'look') {
    const { grandchild, headers, gets, pokes, heard } = state;
    const seen = { pid: process.pid, grandchild, env: process.env, headers, gets, pokes, heard };
    return wire.send(answer(id, text(JSON.stringify(seen))));
  }
  if (method === 'tools/call') return (ON_POKE[mode] ?? (() => wire.send(answer(id, text('poked')))))(wire, id, params);
  await wire.send({ jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } });
}
