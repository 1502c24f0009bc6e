import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that Linux (32768–60999) and macOS (49152–65535) hand out by themselves. A port from there could be
 * taken by any outgoing connection while its server is being restarted: even by a client of that server, connecting to
 * itself.
 */
const FIRST = 20_000;
const LAST = 29_999;

/** Whether nobody listens on this port of 127.0.0.1. */
export const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** A random port of 127.0.0.1 between 20000 and 29999 that nobody listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    if (await isFree(port)) return port;
  }
}
