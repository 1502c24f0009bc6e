import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../servers/start.ts';
import { freePort } from '../../../cli/temporal/freePort.ts';
import { Harness } from '../../support/harness.ts';
import { until } from '../../support/until.ts';

describe('L2: a server that is late', () => {
  let harness: Harness;
  let port: number;
  const late = () => harness.spec({ servers: ['late'] });

  beforeAll(async () => {
    harness = await Harness.start();
    port = await freePort();
    await harness.stopWorker();
    await harness.configure({ servers: { late: { url: `http://127.0.0.1:${port}/mcp` } } });
    await harness.startWorker();
  });
  afterAll(() => harness?.stop());

  test('is waited for within session.serverWait: INIT says what for, and calls that came are made', async () => {
    const session = await harness.custody.start(late());
    await until('INIT says what it waits for', async () =>
      (await session.describe()).reason?.includes(`waits for its servers: server 'late': `),
    );
    expect(await session.describe()).toMatchObject({ state: 'INIT', reason: expect.stringMatching(/ECONNREFUSED/) });
    const call = session.call('late.append', { text: 'early' });
    const server = await startHttpServer('journal.mjs', ['--journal', join(harness.dir, 'late.jsonl')], port);
    try {
      expect(await call).toMatchObject({ outcome: 'succeeded' });
      expect(await session.describe()).toMatchObject({ state: 'RUNNING', reason: null });
      await session.complete();
      await session.wait();
    } finally {
      await server.kill();
    }
  });

  test('fails the session when the time is up, and its id is free again: it has done nothing', async () => {
    const id = 'late-1';
    const spec = { ...late(), overrides: { session: { serverWait: '1s' } } };
    for (let time = 0; time < 2; time += 1) {
      const session = await harness.custody.start(spec, { id });
      expect(await session.wait()).toMatchObject({
        state: 'FAILED',
        code: 'SERVER_UNAVAILABLE',
        reason: expect.stringMatching(/^server 'late': .*ECONNREFUSED/),
      });
    }
    const run = await harness.custody.start(harness.spec(), { id });
    await harness.until(id, ({ state }) => state === 'RUNNING');
    await run.complete();
    await run.wait();
    await expect(harness.custody.start(spec, { id })).rejects.toMatchObject({ code: 'SESSION_EXISTS' });
  });

  test('is waited for no longer when the session is cancelled, or another server is unknown', async () => {
    const session = await harness.custody.start(late());
    await until('INIT waits', async () => (await session.describe()).reason);
    await session.cancel({ reason: 'enough' });
    expect(await session.wait()).toMatchObject({ state: 'FAILED', code: 'SESSION_CANCELLED' });
    const other = await harness.custody.start(harness.spec({ servers: ['late', 'unheard-of'] }));
    expect(await other.wait()).toMatchObject({ state: 'FAILED', code: 'UNKNOWN_SERVER' });
  });
});
