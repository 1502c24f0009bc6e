import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** Asks a Temporal that is not there, and closes the connection while the SDK waits to ask again. */
const program = (address: string, interceptors: string): string => `
  import { Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
  import { endOnceClosed, OpenRequests } from './dist/client/sdk/closed.js';
  const retries = makeGrpcRetryInterceptor(defaultGrpcRetryOptions());
  const requests = new OpenRequests();
  const connection = Connection.lazy({ address: '${address}', interceptors: [${interceptors}] });
  const said = (error) => console.log(error.details ?? error.message);
  connection.workflowService.getSystemInfo({}).catch(said);
  setTimeout(() => { requests.end(); connection.close(); }, 500);
`;

async function unusedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return `127.0.0.1:${port}`;
}

const outcomeOf = async (interceptors: string): Promise<{ stdout: string; stderr: string }> =>
  run(process.execPath, ['--input-type=module', '--eval', program(await unusedAddress(), interceptors)]).catch(
    (error: { stdout: string; stderr: string }) => error,
  );

test('the SDK alone still ends the process where its connection is closed while it waits to ask again', async () => {
  expect((await outcomeOf('retries')).stderr).toContain('Channel has been shut down');
});

test('with what ends requests on a closed connection, the process lives on and the request ends at last', async () => {
  expect(await outcomeOf('retries, endOnceClosed')).toMatchObject({ stdout: 'the client was closed\n', stderr: '' });
});

test('with the list of open requests, the request ends as the client is closed', async () => {
  expect(await outcomeOf('requests.interceptor, retries, endOnceClosed')).toMatchObject({
    stdout: 'the client was closed\n',
    stderr: '',
  });
});
