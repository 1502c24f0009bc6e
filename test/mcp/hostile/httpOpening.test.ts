import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { answeredJson, callOptions, failure, open } from '../harness.ts';
import { overHttp as hostile } from './servers.ts';

/** An address of loopback where nobody listens. */
async function deadUrl(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/mcp`;
}

describe('L2: an HTTP server that cannot be opened is named with the reason', () => {
  test('nobody listens', async () => {
    const error = await failure(open({ kind: 'http', name: 'gone', url: await deadUrl(), headers: {} }));
    expect(error).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      sent: false,
      message: expect.stringMatching(/'gone' cannot be reached.*ECONNREFUSED/) as string,
    });
  });

  test('a web server that is no MCP server', async () => {
    const { server } = await hostile('garbage');
    expect(await failure(open(server))).toMatchObject({
      code: 'SERVER_PROTOCOL_ERROR',
      sent: false,
      message: expect.stringContaining('text/html') as string,
    });
  });

  test('one that never answers', async () => {
    const { server } = await hostile('mute');
    expect(await failure(open(server, { timeout: 1000 }))).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      message: expect.stringContaining('did not answer within 1000 ms') as string,
    });
  });

  test('one that sends its clients elsewhere: neither the request nor its headers go there', async () => {
    const visits: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      visits.push(request.headers);
      response.end();
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => elsewhere.once('listening', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const { server } = await hostile('redirect', '--target', `http://127.0.0.1:${port}/mcp`);
    const error = await failure(open({ ...server, headers: { authorization: 'Bearer hunter2' } }));
    elsewhere.close();
    expect(error).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      message: expect.stringMatching(/Redirect to .* not followed/) as string,
    });
    expect(error.message).not.toContain('hunter2');
    expect(visits).toEqual([]);
  });
});

test('E1: the headers of the entry go with every request', async () => {
  const { server } = await hostile('none');
  const connection = await open({ ...server, headers: { authorization: 'Bearer hunter2' } });
  const { headers } = answeredJson(await connection.call('look', {}, callOptions())) as {
    headers: Record<string, string>;
  };
  expect(headers['authorization']).toBe('Bearer hunter2');
  expect(headers['mcp-protocol-version']).toBe('2025-11-25');
});
