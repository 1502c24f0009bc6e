export const MEGABYTE = 1024 * 1024;

/**
 * How a mode reaches its client: `send` writes a message, `raw` bytes that may be anything; both are fulfilled when
 * there is room for more. Over HTTP they write to the response of the request at hand.
 * @typedef {{ send(message: object): Promise<void>, raw(bytes: string): Promise<void> }} Wire
 * @typedef {{ id: number | string, method: string, params?: any }} Request
 */

export const answerTo = (id, result) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}\n\n`;

/** @param {unknown} id @param {object} result */
export const answer = (id, result) => ({ jsonrpc: '2.0', id, result });
/** @param {string} value */
export const text = (value) => ({ content: [{ type: 'text', text: value }] });
export const poke = { name: 'poke', description: 'Pokes the server.', inputSchema: { type: 'object' } };
export const look = { name: 'look', description: 'Looks at the server.', inputSchema: { type: 'object' } };

/**
 * What a call of `poke` tells the server to answer with, byte for byte; `$ID` in it is the id of the request.
 * @param {any} told @param {unknown} id
 */
export const asTold = ({ body = '' }, id) => body.replaceAll('$ID', JSON.stringify(id));

/** Fulfilled when there is room for more. @param {import('node:stream').Writable} stream @param {string} bytes */
export const write = async (stream, bytes) => {
  if (!stream.write(bytes)) await new Promise((resolve) => stream.once('drain', () => resolve(undefined)));
};
