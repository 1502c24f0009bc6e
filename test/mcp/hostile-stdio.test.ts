import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { stdioServer } from '../servers/start.ts';
import {
  answeredJson,
  callBeside,
  callOptions,
  failure,
  isAlive,
  MEGABYTE,
  open,
  peakGrowth,
  scratchFolder,
  until,
} from './harness.ts';

const hostile = (mode: string): ReturnType<typeof stdioServer> => stdioServer('hostile.mjs', '--mode', mode);

describe('L2: a stdio server that cannot be opened is named with the reason', () => {
  test.each([
    [
      'a command that is not there',
      { command: 'no-such-command-anywhere' },
      'SERVER_UNAVAILABLE',
      /'no-such-command-anywhere' of MCP server 'hostile' cannot be started.*ENOENT/,
    ],
    ['a folder that is not there', { cwd: '/no/such/folder' }, 'SERVER_UNAVAILABLE', /in \/no\/such\/folder/],
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
    ['paging-loop', 'SERVER_PROTOCOL_ERROR', /without end/],
    ['endless-paging', 'SERVER_PROTOCOL_ERROR', /without end/],
    ['too-many-tools', 'TOO_MANY_TOOLS', /more than 512 tools/],
    ['twin-tools', 'SERVER_PROTOCOL_ERROR', /two tools of the name 'poke'/],
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

describe('E2: a call of a hostile stdio server ends with a code', () => {
  test.each([
    ['hang', 'TOOL_TIMEOUT', { sent: true, answered: false }, /no answer within 500 ms/],
    ['die-in-call', 'CONNECTION_LOST', { sent: true, answered: false }, /ended with exit code 7.*on fire/],
    ['garbage-answer', 'SERVER_PROTOCOL_ERROR', { sent: true, answered: false }, /100 lines.*no JSON-RPC/],
    ['refuse', 'SERVER_REFUSED', { sent: true, answered: true }, /error -32050: no poking {2}\[31mtoday$/],
  ])('%s: %s', async (mode, code, delivery, message) => {
    const connection = await open(hostile(mode));
    const error = await failure(connection.call('poke', {}, callOptions({ timeout: 500 })));
    expect(error).toMatchObject({ code, ...delivery, message: expect.stringMatching(message) as string });
  });

  test('after the process died the connection is closed, and a further call is not sent', async () => {
    const connection = await open(hostile('die-in-call'));
    await failure(connection.call('poke', {}, callOptions()));
    expect(connection.closed).toBe(true);
    expect(await failure(connection.call('look', {}, callOptions()))).toMatchObject({
      code: 'CONNECTION_LOST',
      sent: false,
    });
  });

  test('a result that does not keep to the output schema is an answer all the same', async () => {
    const connection = await open(hostile('wrong-output'));
    expect((await connection.tools()).size).toBe(2);
    expect(await connection.call('poke', {}, callOptions())).toMatchObject({
      isError: false,
      structuredContent: { count: 'many' },
    });
  });

  test('E5: progress is heard though the answer comes in the same breath', async () => {
    const connection = await open(hostile('hasty-progress'));
    const progress: unknown[] = [];
    await connection.call('poke', {}, callOptions({ onProgress: (step) => progress.push(step) }));
    expect(progress).toEqual([{ progress: 1 }]);
  });

  test('E8: its requests for sampling and roots are refused, and a form is for a person to fill in', async () => {
    const connection = await open(hostile('ask'));
    const asked = await connection.call('poke', {}, callOptions());
    if (!('forms' in asked)) throw new Error('no question');
    expect(asked.forms).toMatchObject([{ message: 'Your password?' }]);
    const answer = (await asked.held?.respond({ action: 'decline' }, callOptions()))!;
    expect([...(asked.refused ?? []), ...(answer.refused ?? [])]).toEqual(['sampling/createMessage', 'roots/list']);
    const replies = answeredJson(answer) as { id: string; error?: { code: number }; result?: unknown }[];
    expect(new Map(replies.map(({ id, error, result }) => [id, error?.code ?? result]))).toEqual(
      new Map<string, unknown>([
        ['ask-1', { action: 'decline' }],
        ['ask-2', -32601],
        ['ask-3', -32601],
      ]),
    );
  });

  test('a server that cannot bear the probe for newer revisions is started again without it', async () => {
    const connection = await open(hostile('dies-at-probe'));
    expect(connection.protocolVersion).toBe('2025-11-25');
    expect(await connection.call('poke', {}, callOptions())).toMatchObject({ isError: false });
  });
});

test('a server that never answers the probe for newer revisions is waited for once', async () => {
  const timed = async (): Promise<number> => {
    const started = performance.now();
    expect((await open(hostile('mute-at-probe'), { timeout: 2000 })).protocolVersion).toBe('2025-11-25');
    return performance.now() - started;
  };
  expect(await timed()).toBeGreaterThan(1000);
  expect(await timed()).toBeLessThan(800);
});

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
      expect(load.slowest).toBeLessThan(1000);
      expect(load.calls).toBeGreaterThan(100);
    },
  );
});

describe('stdio servers and their processes', () => {
  const pids: number[] = [];
  afterEach(() =>
    pids
      .splice(0)
      .filter(isAlive)
      .forEach((pid) => process.kill(pid, 'SIGKILL')),
  );

  test('closing ends a server that ignores the end of stdin and SIGTERM, and its children', async () => {
    const connection = await open(hostile('stubborn'));
    const { pid, grandchild } = answeredJson(await connection.call('look', {}, callOptions())) as {
      pid: number;
      grandchild: number;
    };
    pids.push(pid, grandchild);
    expect([pid, grandchild].map(isAlive)).toEqual([true, true]);
    await connection.close();
    await until(() => !isAlive(pid) && !isAlive(grandchild));
  });

  test('closing is quick for a server that ends with its stdin', async () => {
    const connection = await open(hostile('none'));
    const started = performance.now();
    await connection.close();
    expect(performance.now() - started).toBeLessThan(900);
    expect(connection.closed).toBe(true);
  });

  test('nothing of the environment of the worker is inherited but what is harmless', async () => {
    process.env['CUSTODY_TEST_SECRET'] = 'hunter2';
    try {
      const connection = await open({ ...hostile('none'), env: { TOKEN: 'for this server' } });
      const { env } = answeredJson(await connection.call('look', {}, callOptions())) as { env: Record<string, string> };
      expect(env['CUSTODY_TEST_SECRET']).toBeUndefined();
      expect(env['TOKEN']).toBe('for this server');
      expect(env['PATH']).toBe(process.env['PATH']);
      const harmless = [
        'PATH',
        'HOME',
        'USER',
        'LOGNAME',
        'SHELL',
        'TERM',
        'LANG',
        'LC_ALL',
        'LC_CTYPE',
        'TZ',
        'TMPDIR',
        'TOKEN',
      ];
      expect(Object.keys(env).filter((name) => !harmless.includes(name))).toEqual([]);
    } finally {
      delete process.env['CUSTODY_TEST_SECRET'];
    }
  });
});
