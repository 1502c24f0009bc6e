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

/**
 * Listens on loopback and says where, as one line of JSON on stdout.
 * @param {import('node:http').Server} server
 * @param {number} port 0 for any
 */
export function announce(server, port) {
  server.listen(port, '127.0.0.1', () => {
    const address = /** @type {import('node:net').AddressInfo} */ (server.address());
    process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${address.port}/mcp`, pid: process.pid })}\n`);
  });
}
