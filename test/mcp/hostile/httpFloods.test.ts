import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { stdioServer } from '../../servers/start.ts';
import { answeredJson, callBeside, callOptions, failure, MEGABYTE, open, peakGrowth, until } from '../harness.ts';
import { overHttp as hostile } from './servers.ts';

describe('E5: a flood over HTTP costs the worker neither its memory nor its time', () => {
  test.each(['huge', 'huge-open'])('%s: 50 MB end their own call', async (mode) => {
    const { server } = await hostile(mode);
    const connection = await open(server);
    const growth = await peakGrowth(async () => {
      const [huge, small] = await Promise.all([
        failure(connection.call('poke', {}, callOptions())),
        connection.call('look', {}, callOptions()),
      ]);
      expect(huge).toMatchObject({ code: 'RESULT_TOO_LARGE', sent: true, answered: true });
      expect(small).toMatchObject({ isError: false });
    });
    expect(growth).toBeLessThan(100 * MEGABYTE);
    expect(connection.closed).toBe(false);
  });

  test.each(['flood', 'ping-flood'])('%s: nothing piles up, and others are served meanwhile', async (mode) => {
    const { server } = await hostile(mode);
    const connection = await open(server);
    const flood = failure(connection.call('poke', {}, callOptions({ timeout: 2000 })));
    const load = await callBeside(flood, stdioServer('hostile.mjs', '--mode', 'none'));
    expect(await flood).toMatchObject({ code: 'TOOL_TIMEOUT' });
    expect(load.growth).toBeLessThan(50 * MEGABYTE);
    // Whom the flood kept out, to its end, made one call or two.
    expect(load.calls).toBeGreaterThan(10);
  });

  test('the stream that belongs to no request is not taken up again after it flooded', async () => {
    const { server } = await hostile('get-huge');
    const connection = await open(server);
    const gets = async (): Promise<number> =>
      (answeredJson(await connection.call('look', {}, callOptions())) as { gets: number }).gets;
    await until(async () => (await gets()) === 1);
    await sleep(1500);
    expect(await gets()).toBe(1);
  });
});
