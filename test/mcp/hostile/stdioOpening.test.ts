import { describe, expect, test } from 'vitest';
import { callOptions, failure, open } from '../harness.ts';
import { overStdio as hostile } from './servers.ts';

describe('L2: a stdio server that cannot be opened is named with the reason', () => {
  test.each([
    [
      'a command that is not there',
      { command: 'no-such-command-anywhere' },
      'SERVER_UNAVAILABLE',
      /'no-such-command-anywhere' of MCP server 'hostile' cannot be started.*: there is no such program\.$/,
    ],
    [
      'a folder that is not there',
      { cwd: '/no/such/folder' },
      'SERVER_UNAVAILABLE',
      /in \/no\/such\/folder: there is no such folder/,
    ],
    [
      'a program that is no server and ends',
      { command: 'echo', args: ['hello world'] },
      'SERVER_PROTOCOL_ERROR',
      /ended with exit code 0.*hello world/,
    ],
  ])('%s', async (_, change, code, message) => {
    const error = await failure(open({ ...hostile('none'), ...change }));
    expect(error).toMatchObject({ code, sent: false, message: expect.stringMatching(message) as string });
  });

  test('one that dies at start is quoted', async () => {
    const error = await failure(open(hostile('die-at-start')));
    expect(error).toMatchObject({ code: 'SERVER_UNAVAILABLE', sent: false });
    expect(error.message).toMatch(/'hostile' ended with exit code 3\. Its last words on stderr: no licence file found/);
  });

  test('one that writes no end of noise is found out long before the timeout', async () => {
    const started = performance.now();
    const error = await failure(open(hostile('garbage'), { timeout: 60_000 }));
    expect(error.code).toBe('SERVER_PROTOCOL_ERROR');
    expect(error.message).toMatch(/100 lines that are not messages.*Listening on port 3000/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('one that writes noise and then nothing is told from a silent one', async () => {
    expect(await failure(open(hostile('garbage-once'), { timeout: 1000 }))).toMatchObject({
      code: 'SERVER_PROTOCOL_ERROR',
      message: expect.stringContaining('Listening on port 3000') as string,
    });
    expect(await failure(open(hostile('mute'), { timeout: 1000 }))).toMatchObject({
      code: 'SERVER_UNAVAILABLE',
      message: expect.stringContaining('did not answer within 1000 ms') as string,
    });
  });

  test('an opening that is given up ends the process', async () => {
    const controller = new AbortController();
    const opening = failure(open(hostile('mute'), { signal: controller.signal, timeout: 60_000 }));
    setTimeout(() => controller.abort(), 200);
    expect(await opening).toMatchObject({ code: 'CALL_CANCELLED', sent: false });
  });
});

describe('L2: the tools of a hostile server', () => {
  test.each([
    ['paging-loop', 'SERVER_PROTOCOL_ERROR', /does not get on: it gives the cursor "again" again/],
    ['endless-paging', 'SERVER_PROTOCOL_ERROR', /pages without end: 512 pages/],
    ['too-many-tools', 'TOO_MANY_TOOLS', /more than 512 tools/],
  ])('%s: the listing ends with %s', async (mode, code, message) => {
    const connection = await open(hostile(mode));
    expect(await failure(connection.tools())).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  });

  test('that changed are listed anew with another hash', async () => {
    const connection = await open(hostile('change-tools'));
    const before = await connection.tools();
    expect(await connection.tools()).toBe(before);
    await connection.call('poke', {}, callOptions());
    const after = await connection.tools();
    expect(after.get('poke')?.hash).not.toBe(before.get('poke')?.hash);
    expect(after.get('look')?.hash).toBe(before.get('look')?.hash);
  });
});
