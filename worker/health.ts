import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

export interface Health {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Probes for an orchestrator: `/healthz` answers 200 while the process lives, `/readyz` while the
 * worker takes work, else 503; and `/metrics`, where there are any.
 *
 * @param host address of the interface, 0.0.0.0 for all
 * @param port 0 is any free one
 * @param isReady asked at each probe
 * @param metrics asked at each reading: what answers it
 */
export async function serveHealth(
  host: string,
  port: number,
  isReady: () => boolean,
  metrics: () => RequestListener | undefined = () => undefined,
): Promise<Health> {
  const server = createServer((request, response) => {
    const { url, method } = request;
    const path = url?.split('?')[0];
    const read = path === '/metrics' && method === 'GET' ? metrics() : undefined;
    if (read) return read(request, response.setHeader('cache-control', 'no-store'));
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
