import { once } from 'node:events';
import { createServer } from 'node:http';

export interface Health {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Probes for an orchestrator: `/healthz` answers 200 while the process lives, `/readyz` while the
 * worker takes work, else 503.
 *
 * @param host address of the interface, 0.0.0.0 for all
 * @param port 0 is any free one
 * @param isReady asked at each probe
 */
export async function serveHealth(host: string, port: number, isReady: () => boolean): Promise<Health> {
  const server = createServer(({ url, method }, response) => {
    const path = url?.split('?')[0];
    const status =
      method !== 'GET' && method !== 'HEAD'
        ? 405
        : path === '/healthz' || (path === '/readyz' && isReady())
          ? 200
          : path === '/readyz'
            ? 503
            : 404;
    response
      .writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' })
      .end(status === 200 ? 'ok\n' : '');
  });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
