import { describe, expect, test } from 'vitest';
import { callOptions, failure, open, readJournal, scratchFolder, serve, until } from '../harness.ts';
import { overHttp as hostile } from './servers.ts';

describe('E2: a call of a hostile HTTP server ends with a code', () => {
  test.each([
    ['hang', 'TOOL_TIMEOUT', { sent: true, answered: false }, /no answer within 700 ms/],
    [
      'stream-end',
      'CONNECTION_LOST',
      { sent: true, answered: false },
      /ended the stream of the request without an answer/,
    ],
    ['no-answer', 'SERVER_PROTOCOL_ERROR', { sent: true, answered: false }, /did not answer it/],
    ['garbage-answer', 'SERVER_PROTOCOL_ERROR', { sent: true, answered: false }, /cannot be read/],
    ['broken', 'CONNECTION_LOST', { sent: true, answered: false }, /HTTP 503.*out of order/],
    ['die-in-call', 'CONNECTION_LOST', { sent: true, answered: false }, /connection broke/],
    ['refuse', 'SERVER_REFUSED', { sent: true, answered: true }, /error -32050/],
  ])('%s: %s', async (mode, code, delivery, message) => {
    const { server } = await hostile(mode);
    const connection = await open(server);
    const error = await failure(connection.call('poke', {}, callOptions({ timeout: 700 })));
    expect(error).toMatchObject({ code, ...delivery, message: expect.stringMatching(message) as string });
    if (mode !== 'die-in-call')
      expect(await connection.call('look', {}, callOptions())).toMatchObject({ isError: false });
  });

  test('a server that is not there any more gets nothing', async () => {
    const running = await hostile('none');
    const connection = await open(running.server);
    await running.kill();
    expect(await failure(connection.call('poke', {}, callOptions()))).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      sent: false,
    });
  });

  test.each(['2025-06-18', '2026-07-28'])(
    'revision %s: a server killed in mid-call leaves the call in doubt, at once',
    async (revision) => {
      const journal = `${await scratchFolder()}/journal`;
      const running = await serve('journal.mjs', ['--journal', journal, '--revision', revision]);
      const connection = await open(running.server);
      const started = performance.now();
      const call = failure(connection.call('append', { text: 'x', delayMs: 20_000 }, callOptions({ timeout: 20_000 })));
      await until(() => readJournal(journal).length === 1);
      await running.kill();
      expect(await call).toMatchObject({ code: 'CONNECTION_LOST', sent: true, answered: false });
      expect(performance.now() - started).toBeLessThan(5000);
    },
  );

  test('a server that forgot the protocol session may have acted, and the connection is closed', async () => {
    const journal = `${await scratchFolder()}/journal`;
    const args = ['--journal', journal, '--revision', '2025-11-25', '--sessions', 'yes'];
    const first = await serve('journal.mjs', args);
    const connection = await open(first.server);
    await connection.call('append', { text: 'one' }, callOptions());
    await first.kill();
    await serve('journal.mjs', args, Number(new URL(first.server.url).port));
    expect(await failure(connection.call('append', { text: 'two' }, callOptions()))).toMatchObject({
      code: 'CONNECTION_LOST',
      sent: true,
      answered: false,
      message: expect.stringContaining('HTTP 404') as string,
    });
    await until(() => connection.closed);
    expect(readJournal(journal).map(({ phase }) => phase)).toEqual(['begin', 'end']);
  });
});
