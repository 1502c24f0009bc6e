import { afterEach, describe, expect, test } from 'vitest';
import { answeredJson, callOptions, isAlive, open, until } from '../harness.ts';
import { overStdio as hostile } from './servers.ts';

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
