import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../protocol/calls/call.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

describe('call and resolve', () => {
  test('E4: a call id repeated gets the first answer, and the tool ran once', async () => {
    const id = await stage.start();
    const call = () => stage.json<Answer>('call', id, 'journal.append', '--args', '{"text":"once"}', '--call-id', 'c');
    expect(await call()).toMatchObject({
      callId: 'c',
      outcome: 'succeeded',
      attempts: 1,
      result: { content: [{ type: 'text', text: 'appended once' }] },
    });
    expect(await call()).toMatchObject({ attempts: 1 });
    expect((await stage.sdk.session(id).describe()).calls).toHaveLength(1);
  });

  test('arguments come from a file or stdin; the answer is on stdout, how it ended on stderr', async () => {
    const id = await stage.start();
    const path = await stage.folder.write('args.json', { text: 'from a file' });
    expect(await stage.run('call', id, 'journal.append', '--args', `@${path}`)).toMatchObject({
      code: 0,
      stdout: 'appended from a file\n',
      stderr: expect.stringContaining('succeeded, 1 attempt'),
    });
    expect(
      await stage.runWith({ stdin: '{"text":"from stdin"}' }, 'call', id, 'journal.append', '--args', '-'),
    ).toMatchObject({ code: 0, stdout: 'appended from stdin\n' });
  });

  test(
    'E5: 1 MiB of arguments and of answer go through; with another --store the call is refused by code, and ' +
      'the way out is said',
    async () => {
      const id = await stage.start();
      const text = 'all of it '.repeat(100_000);
      const path = await stage.folder.write('large.json', { text });
      const { code, stdout } = await stage.run('call', id, 'journal.append', '--args', `@${path}`);
      expect({ code, isWhole: stdout === `appended ${text}\n` }).toEqual({ code: 0, isWhole: true });
      expect(
        JSON.stringify((await stage.json<Answer>('call', id, 'journal.big', '--args', '{"bytes":200000}')).result),
      ).toBe(JSON.stringify({ content: [{ text: 'x'.repeat(200_000), type: 'text' }] }));
      const elsewhere = ['--store', join(stage.folder.path, 'elsewhere')];
      const other = await stage.folder.write('other.json', { text: 'never seen '.repeat(100_000) });
      const refused = await stage.run('call', id, 'journal.append', '--args', `@${other}`, ...elsewhere);
      expect(refused).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/PAYLOAD_MISSING: .*\n.*`--store` or CUSTODY_STORE/),
      });
      const unread = await stage.run('call', id, 'journal.big', '--args', '{"bytes":200000}', ...elsewhere);
      expect(unread.code).toBe(0);
      expect(unread.stdout).toMatch(
        /^\{"content":\[\{"text":"x+\n… 2000\d\d bytes in all, SHA-256 [0-9a-f]{64}\. It is not in the payload store/,
      );
      expect(unread.stdout).toMatch(/ here: name that of the workers with --store\.\n$/);
    },
  );

  test('U4: a tool that fails, an unknown tool and a malformed target are exit code 1, each by its code', async () => {
    const id = await stage.start();
    expect(await stage.run('call', id, 'journal.fail')).toMatchObject({
      code: 1,
      stdout: 'failed as asked\n',
      stderr: expect.stringContaining('tool_error'),
    });
    expect(await stage.run('call', id, 'journal.nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('UNKNOWN_TOOL: '),
    });
    expect(await stage.run('call', id, 'journal')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^MALFORMED_COMMAND: /),
    });
  });

  test('L4: a call during a pause waits, or says CALL_PARKED with --no-wait; it runs after the resume', async () => {
    const id = await stage.start();
    await stage.sdk.session(id).pause({ reason: 'x' });
    const parked = await stage.run(
      'call',
      id,
      'journal.append',
      '--args',
      '{"text":"a"}',
      '--call-id',
      'parked',
      '--no-wait',
    );
    expect(parked).toMatchObject({ code: 1, stderr: expect.stringMatching(/^CALL_PARKED: .*'parked'/) });
    const waiting = stage.json<Answer>('call', id, 'journal.append', '--args', '{"text":"b"}', '--call-id', 'waiting');
    await expect
      .poll(async () => (await stage.sdk.session(id).describe()).openCalls.length, { timeout: 10_000 })
      .toBe(2);
    expect((await stage.run('show', id)).stdout).toContain('2 calls wait for it.');
    await stage.sdk.session(id).resume({ reason: 'y' });
    expect(await waiting).toMatchObject({ outcome: 'succeeded' });
    await expect
      .poll(
        async () =>
          (await stage.sdk.session(id).describe()).calls.map(({ callId, outcome }) => `${callId} ${outcome}`).sort(),
        { timeout: 10_000 },
      )
      .toEqual(['parked succeeded', 'waiting succeeded']);
  });

  test('E3: a call in doubt is shown with the command that settles it, and `resolve` settles it', async () => {
    const id = await stage.start();
    const doubtful = await stage.run(
      'call',
      id,
      'journal.append',
      '--args',
      '{"text":"slow","delayMs":20000}',
      '--call-id',
      'c$1',
      '--no-wait',
    );
    expect(doubtful).toMatchObject({ code: 1, stderr: expect.stringMatching(/CALL_PARKED: .*in_doubt/) });
    const { stdout } = await stage.run('show', id);
    expect(stdout).toMatch(/c\$1 +journal\.append +in_doubt +1 +ann +TOOL_TIMEOUT/);
    for (const how of ['succeeded', 'failed', 'retry'])
      expect(stdout).toContain(`$ custody resolve ${id} 'c$1' --as ${how} --reason "how you know"`);
    expect(await stage.run('resolve', id, 'c$1', '--as', 'succeeded', '--reason', 'it is in the file')).toMatchObject({
      code: 0,
    });
    expect(
      await stage.json('call', id, 'journal.append', '--args', '{"text":"slow","delayMs":20000}', '--call-id', 'c$1'),
    ).toMatchObject({ outcome: 'succeeded', resolved: { actor: 'ann', reason: 'it is in the file' } });
    expect(await stage.run('resolve', id, 'c$1', '--as', 'failed', '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^CALL_NOT_IN_DOUBT: /),
    });
  });
});
