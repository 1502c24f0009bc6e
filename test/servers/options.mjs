import { parseArgs } from 'node:util';

/**
 * The options of a test server.
 * @template {string} Name
 * @param {Record<Name, string>} defaults
 * @returns {Record<Name, string>}
 */
export function readOptions(defaults) {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [name, { type: /** @type {const} */ ('string'), default: value }]),
  );
  const { values } = parseArgs({ options });
  return /** @type {Record<Name, string>} */ (values);
}

/** Milliseconds between two tries to get a port. */
const TRY_EVERY = 10;

/**
 * Listens on loopback and says where, as one line of JSON on stdout. While another process has the port it waits, and
 * says that with a line before.
 * @param {import('node:http').Server} server
 * @param {number} port 0 for any
 */
export function announce(server, port) {
  let isWaiting = false;
  const listen = () => server.listen(port, '127.0.0.1');
  server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    if (!isWaiting) say({ pid: process.pid });
    isWaiting = true;
    setTimeout(listen, TRY_EVERY);
  });
  server.once('listening', () => {
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    // A URL of its own, though a port is used again: what is known of one server must not be taken for another.
    say({ url: `http://127.0.0.1:${address.port}/mcp/${process.pid}`, pid: process.pid });
  });
  listen();
}

/** @param {object} line */
const say = (line) => void process.stdout.write(`${JSON.stringify(line)}\n`);
