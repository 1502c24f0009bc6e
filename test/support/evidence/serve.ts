import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Served {
  readonly status?: number;
  readonly type?: string;
  readonly body: Uint8Array | string;
}

/** A server that answers each POST of the test with what is made of its body. @returns its URL */
export async function serve(answer: (body: Uint8Array, type: string) => Served | Promise<Served>): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const asked = String(request.headers['content-type']);
    const { status = 200, type = '', body } = await answer(new Uint8Array(Buffer.concat(chunks)), asked);
    response.writeHead(status, { 'content-type': type }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
