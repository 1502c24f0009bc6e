import { Client, Connection } from '@temporalio/client';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startEmbeddedTemporal, type EmbeddedTemporal } from '../../../cli/temporal/embedded.ts';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { code, plain } from '../../../session/view/markdown.ts';
import { SEARCH_ATTRIBUTES } from '../../../workflows/searchAttributes.ts';
import { startOwnTemporal, temporalAddress } from '../../support/temporal.ts';
import { isAlive } from '../../support/processes/isAlive.ts';

const searchAttributes = Object.values(SEARCH_ATTRIBUTES);
const THIRTY_DAYS = 30 * 24 * 60 * 60;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custody-temporal-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function started(server: Promise<EmbeddedTemporal>): Promise<EmbeddedTemporal> {
  const temporal = await server;
  cleanups.push(() => temporal.stop());
  return temporal;
}

async function connected(address: string): Promise<Connection> {
  const connection = await Connection.connect({ address });
  cleanups.push(() => connection.close());
  return connection;
}

describe('an embedded Temporal', () => {
  let temporal: EmbeddedTemporal;
  let connection: Connection;

  beforeAll(async () => {
    vi.stubEnv('TEMPORAL_ADDRESS', temporalAddress());
    vi.stubEnv('TEMPORAL_NAMESPACE', 'elsewhere');
    vi.stubEnv('TEMPORAL_CONFIG_FILE', '/no/such/file');
    temporal = await startEmbeddedTemporal({ namespace: 'agents', searchAttributes });
    connection = await Connection.connect({ address: temporal.address });
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await connection.close();
    await temporal.stop();
  });

  test('U1: is a server of our own, whatever TEMPORAL_ADDRESS and profiles say', () => {
    expect(temporal.address).not.toBe(temporalAddress());
    expect(isAlive(temporal.pid!)).toBe(true);
  });

  test('U5: has its namespace with 30 days of retention and all search attributes when it is there', async () => {
    const { config } = await connection.workflowService.describeNamespace({ namespace: 'agents' });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(THIRTY_DAYS);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'agents' });
    expect(Object.keys(customAttributes).sort()).toEqual(searchAttributes.map(({ name }) => name).sort());
  });

  test('takes sessions at once, and finds them by search attribute', async () => {
    const client = new Client({ connection, namespace: 'agents' });
    await client.workflow.start('none', {
      taskQueue: 'none',
      workflowId: 'waiting',
      typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.state, value: 'RUNNING' }],
    });
    await expect
      .poll(() => client.workflow.count("CustodyState = 'RUNNING'"), { timeout: 10_000 })
      .toMatchObject({ count: 1 });
  });

  test('has a web UI', async () => {
    expect((await fetch(temporal.uiAddress!)).status).toBe(200);
  });

  test('U2: its web UI shows texts from outside as they are: no Markdown, no HTML, no link comes of them', async () => {
    const texts = [
      'files.write_file --force',
      '[x](javascript:alert(1)) ![i](x)',
      '<img src=x onerror=alert(1)> &lt;b&gt;',
      '**b** __b__ `c` ~~s~~ | a | b | # h {#id}',
      'http://evil.example ftp://x mailto:a@b.c <a@b.c>',
      'costs $x$ or $$y$$ \\(z\\) \\',
    ];
    for (const text of texts) {
      const page = new URL('/render', temporal.uiAddress);
      page.searchParams.set('content', `a: ${plain(text)}\n\n- ${code(text)}`);
      const html = await (await fetch(page)).text();
      const shown = (pattern: RegExp) =>
        pattern
          .exec(html)?.[1]
          ?.replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"' })[name] ?? '&');
      expect(shown(/<p>a: (.*?)<\/p>/s)).toBe(text);
      expect(shown(/<code>(.*?)<\/code>/s)).toBe(text);
    }
  });

  test('ends when it is stopped, which may be said twice', async () => {
    const other = await started(startOwnTemporal());
    expect(other.address).not.toBe(temporal.address);
    await other.stop();
    expect(isAlive(other.pid!)).toBe(false);
    await other.stop();
  });

  test('L6: killed and started again on the same port and file, it has what it had', async () => {
    const [port, dbFilename] = [await freePort(), join(folder, 'kept.db')];
    const first = await started(startOwnTemporal({ port, dbFilename }));
    const before = new Client({ connection: await connected(first.address) });
    const { firstExecutionRunId } = await before.workflow.start('none', { taskQueue: 'none', workflowId: 'kept' });
    process.kill(first.pid!, 'SIGKILL');
    await expect.poll(() => isAlive(first.pid!)).toBe(false);

    const second = await started(startOwnTemporal({ port, dbFilename }));
    expect(second.address).toBe(first.address);
    const after = new Client({ connection: await connected(second.address) });
    expect((await after.workflow.getHandle('kept').describe()).runId).toBe(firstExecutionRunId);
  });

  test('a file from before a search attribute was declared gets it', async () => {
    const dbFilename = join(folder, 'older.db');
    await (await started(startEmbeddedTemporal({ dbFilename, headless: true, searchAttributes: [] }))).stop();
    const temporal = await started(startOwnTemporal({ dbFilename }));
    const { operatorService } = await connected(temporal.address);
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace: 'default' });
    expect(customAttributes).toHaveProperty(SEARCH_ATTRIBUTES.state.name);
  });

  test('U4: a server that dies at its start is an error with its last lines', async () => {
    await expect(startOwnTemporal({ dbFilename: join(folder, 'no', 'such', 'folder.db') })).rejects.toMatchObject({
      code: 'EMBEDDED_TEMPORAL_FAILED',
      message: expect.stringContaining('no such file or directory'),
    });
  });

  test('U4: a port in use is an error that names it', async () => {
    const port = await freePort();
    const blocker = createServer().listen(port, '127.0.0.1');
    await once(blocker, 'listening');
    cleanups.push(
      () =>
        new Promise((resolve) => {
          blocker.close(() => resolve());
        }),
    );
    await expect(startOwnTemporal({ port })).rejects.toMatchObject({
      code: 'EMBEDDED_TEMPORAL_FAILED',
      message: expect.stringContaining(`port ${port}`),
    });
  });

  test('a server whose address is given is used as it is, and not stopped', async () => {
    const address = temporalAddress();
    const temporal = await startEmbeddedTemporal({ address, searchAttributes });
    await temporal.stop();
    expect(temporal).toMatchObject({ address });
    expect(temporal.pid).toBeUndefined();
    await connected(address);
  });

  test('U4: one that does not answer at the given address is an error, not a reason to start another', async () => {
    const address = `127.0.0.1:${await freePort()}`;
    await expect(startEmbeddedTemporal({ address, searchAttributes })).rejects.toMatchObject({
      code: 'TEMPORAL_UNAVAILABLE',
      message: expect.stringContaining(address),
    });
  });
});
