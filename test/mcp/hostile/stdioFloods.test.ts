import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { stdioServer } from '../../servers/start.ts';
import { callBeside, callOptions, failure, MEGABYTE, open, peakGrowth, scratchFolder } from '../harness.ts';
import { overStdio as hostile } from './servers.ts';

describe('E5: a flood costs the worker neither its memory nor its time', () => {
  test('an answer of 50 MB ends its call, and the connection lives on', async () => {
    const connection = await open(hostile('huge'));
    const growth = await peakGrowth(async () => {
      expect(await failure(connection.call('poke', {}, callOptions()))).toMatchObject({
        code: 'RESULT_TOO_LARGE',
        sent: true,
        answered: true,
      });
    });
    expect(growth).toBeLessThan(100 * MEGABYTE);
    expect(await connection.call('look', {}, callOptions())).toMatchObject({ isError: false });
  });

  test('an answer of 50 MB ends its own call only, while another is under way', async () => {
    const connection = await open(hostile('huge'));
    const [huge, small] = await Promise.all([
      failure(connection.call('poke', {}, callOptions())),
      connection.call('look', {}, callOptions()),
    ]);
    expect(huge.code).toBe('RESULT_TOO_LARGE');
    expect(small).toMatchObject({ isError: false });
  });

  test('50 MB without an end of line end the connection', async () => {
    const connection = await open(hostile('huge-open'));
    const growth = await peakGrowth(async () => {
      expect(await failure(connection.call('poke', {}, callOptions({ timeout: 30_000 })))).toMatchObject({
        code: 'RESULT_TOO_LARGE',
        sent: true,
      });
    });
    expect(growth).toBeLessThan(100 * MEGABYTE);
    expect(connection.closed).toBe(true);
  }, 20_000);

  test('a result over the limit of the call is refused', async () => {
    const connection = await open(stdioServer('journal.mjs', '--journal', `${await scratchFolder()}/j`));
    expect(await failure(connection.call('big', { bytes: 5000 }, callOptions({ maxResultBytes: 4000 })))).toMatchObject(
      { code: 'RESULT_TOO_LARGE', answered: true },
    );
    expect(await connection.call('big', { bytes: 9 * MEGABYTE }, callOptions())).toMatchObject({ isError: false });
  });

  test.each(['flood', 'ping-flood', 'stderr-flood'])(
    '%s: nothing piles up, and others are served meanwhile',
    async (mode) => {
      const connection = await open(hostile(mode));
      const flood =
        mode === 'stderr-flood' ? sleep(2000) : failure(connection.call('poke', {}, callOptions({ timeout: 2000 })));
      const load = await callBeside(flood, hostile('none'));
      if (mode !== 'stderr-flood') expect(await flood).toMatchObject({ code: 'TOOL_TIMEOUT' });
      expect(load.growth).toBeLessThan(50 * MEGABYTE);
      // Whom the flood kept out, to its end, made one call or two.
      expect(load.calls).toBeGreaterThan(10);
    },
  );
});
