import { write } from './messages.mjs';
import { ON_START } from './onStart.mjs';
import { receive } from './receive.mjs';
import { mode } from './state.mjs';

/** @typedef {import('./messages.mjs').Wire} Wire */

export function serveStdio() {
  /** @type {Wire} */
  const wire = {
    raw: (bytes) => write(process.stdout, bytes),
    send: (message) => wire.raw(`${JSON.stringify(message)}\n`),
  };
  process.stdout.on('error', () => process.exit(1));
  let rest = '';
  process.stdin.setEncoding('utf8').on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) void receive(wire, JSON.parse(line));
  });
  if (mode !== 'stubborn') process.stdin.on('end', () => process.exit(0));
  ON_START[mode]?.();
}
