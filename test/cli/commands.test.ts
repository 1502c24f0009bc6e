import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Entry } from '../../audit/timeline.ts';
import type { SessionSummary } from '../../client/list/list.ts';
import type { Answer } from '../../protocol/call.ts';
import type { SessionView } from '../../session/view.ts';
import { spec, spawnCustody } from './harness.ts';
import { temporalAddress } from '../support/temporal.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.end());

const lines = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const PLAN = [
  { call: 'journal.append', args: { text: 'a' } },
  { call: 'journal.lookup', args: { key: 'a' } },
];

describe('start and run', () => {
  test('E6: `start --wait` runs a plan to its end: exit code 0 when it COMPLETED', async () => {
    const path = await stage.folder.write('plan.json', spec({ plan: PLAN }));
    const { code, stdout } = await stage.run('start', path, '--wait', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'COMPLETED',
      outcome: 'COMPLETED',
      calls: [
        { tool: 'append', outcome: 'succeeded' },
        { tool: 'lookup', outcome: 'succeeded' },
      ],
    });
  });

  test('E6: `run` prints what happens as it happens, and the exit code is 1 when the session did not complete', async () => {
    const path = await stage.folder.write('fail.json', spec({ plan: [{ call: 'journal.fail' }] }));
    const { code, stdout, stderr } = await stage.run('run', path, '--id', 'failing');
    expect(code).toBe(1);
    expect(stderr).toContain('session failing started');
    expect(stdout).toMatch(/attempt .*journal\.fail[^]*transition .*FAILED[^]*state +FAILED[^]*PLAN_STEP_FAILED/);
    expect(stdout).toMatch(/started .*by ann \(claimed\)/);
  });

  test('`run --json` prints one entry per line, and the session last', async () => {
    const path = await stage.folder.write('plan.json', spec({ plan: PLAN }));
    const { code, stdout } = await stage.run('run', path, '--json');
    const [last, ...entries] = lines<Entry & SessionView>(stdout).reverse();
    expect(code).toBe(0);
    expect(last).toMatchObject({ outcome: 'COMPLETED' });
    expect(entries.at(-1)).toMatchObject({ kind: 'started', by: 'ann' });
    expect(entries[0]).toMatchObject({ kind: 'ended' });
  });

  test('a spec comes from stdin with `-`; the id stands alone on stdout', async () => {
    const { code, stdout } = await stage.runWith({ stdin: JSON.stringify(spec()) }, 'start', '-', '--id', 'from-stdin');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'from-stdin\n' });
  });

  test('U4: a spec with mistakes is refused with line and column, and nothing is started', async () => {
    const path = await stage.folder.write(
      'bad.yaml',
      'agent: { id: clerk, version: "1" }\nprofle: standard\nservers: [journal]\n',
    );
    const { code, stderr } = await stage.run('start', path, '--id', 'bad');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^SPEC_INVALID: /);
    expect(stderr).toContain('bad.yaml:2:1');
    expect((await stage.run('show', 'bad')).stderr).toMatch(/^SESSION_NOT_FOUND: /);
  });

  test('D14: an id is used once', async () => {
    const id = await stage.start();
    const path = await stage.folder.write('spec.json', spec());
    expect(await stage.run('start', path, '--id', id)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^SESSION_EXISTS: /),
    });
  });
});

describe('show, list and watch', () => {
  test('U2: `show --json` is the session as the SDK describes it', async () => {
    const id = await stage.start({ labels: { team: 'docs' } });
    await stage.sdk.session(id).call('journal.append', { text: 'a' }, { callId: 'one' });
    const shown = await stage.json<SessionView>('show', id);
    expect(shown).toEqual(await stage.sdk.session(id).describe());
    expect(shown).toMatchObject({
      id,
      state: 'RUNNING',
      cause: null,
      outcome: null,
      agent: { id: 'clerk', version: '1.0.0' },
      runs: 1,
      openCalls: [],
    });
    expect(shown.calls).toEqual([
      { callId: 'one', server: 'journal', tool: 'append', outcome: 'succeeded', attempts: 1, actor: 'ann' },
    ]);
    expect(Date.parse(shown.deadlineAt!) - Date.parse(shown.startedAt)).toBe(24 * 60 * 60 * 1000);
  });

  test('U2: `show` says in words how it stands and which command helps, in colour where that is wanted', async () => {
    const id = await stage.start();
    const running = (await stage.runWith({ env: { FORCE_COLOR: '1' } }, 'show', id)).stdout;
    expect(running).toContain('\x1b[32mRUNNING\x1b[39m');
    expect(stripVTControlCharacters(running)).toMatch(
      /state +RUNNING: .*[^]*deadline +.*Z, in (1d|23h\d+m)\n[^]*custody complete/,
    );
    await stage.sdk.session(id).pause({ reason: 'wrong folder' });
    const { code, stdout } = await stage.run('show', id);
    expect(code).toBe(0);
    expect(stdout).toMatch(/state +PAUSED \(operator\)[^]*reason +wrong folder/);
    expect(stdout).toContain(`$ custody resume ${id} --reason "why"`);
    expect(stdout).not.toContain('\x1b');
  });

  test('U2: `list` filters by state and agent', async () => {
    const id = await stage.start({ agent: { id: "o'hara", version: '1' } });
    await stage.sdk.session(id).pause({ reason: 'x' });
    const listed = async (): Promise<string[]> => {
      const ids = [];
      for await (const session of stage.sdk.list({ state: 'PAUSED', agent: "o'hara" })) ids.push(session.id);
      return ids;
    };
    await expect.poll(listed, { timeout: 15_000 }).toEqual([id]);
    expect(await stage.json<SessionSummary[]>('list', '--state', 'PAUSED', '--agent', "o'hara")).toMatchObject([
      { id, state: 'PAUSED', cause: 'operator', agent: "o'hara", profile: 'standard' },
    ]);
    expect((await stage.run('list', '--agent', "o'hara")).stdout).toMatch(
      new RegExp(`^SESSION +STATE .*\\n${id} +PAUSED +operator`),
    );
    expect(await stage.run('list', '--agent', 'nobody')).toMatchObject({ code: 0, stdout: 'No sessions.\n' });
    expect(await stage.json<SessionSummary[]>('list', '--limit', '1')).toHaveLength(1);
  });

  test('U2: `watch` is live and ends with the session', async () => {
    const id = await stage.start();
    const watching = stage.run('watch', id, '--json');
    await stage.sdk.session(id).complete({ reason: 'draft accepted' });
    const { code, stdout } = await watching;
    expect(code).toBe(0);
    const entries = lines<Entry>(stdout);
    expect(entries.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['started', 'transition', 'command', 'ended']),
    );
    expect(entries.find(({ kind }) => kind === 'command')).toMatchObject({
      by: 'ann',
      text: expect.stringContaining('draft accepted'),
    });
  });

  test('a reader that has read enough (`watch | head`) ends the command without a complaint', async () => {
    const id = await stage.start();
    const child = spawnCustody(['watch', id, '--address', temporalAddress(), '--namespace', stage.namespace]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.stdout.once('data', () => child.stdout.destroy());
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await expect.poll(() => child.stdout.destroyed, { timeout: 10_000 }).toBe(true);
    await stage.sdk.session(id).complete();
    expect(await ended).toBe(0);
    expect(stderr).toBe('');
  });
});

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

  test('E5: 1 MiB of arguments and of answer go through; with another --store the call is refused by code, and the way out is said', async () => {
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
      /^\{"content":\[\{"text":"x+\n… 2000\d\d bytes in all, SHA-256 [0-9a-f]{64}\. It is not in the payload store here: name that of the workers with --store\.\n$/,
    );
  });

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
    expect(stdout).toContain(`$ custody resolve ${id} 'c$1' --as succeeded|failed|retry --reason "how you know"`);
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

describe('steering', () => {
  test('L3: pause, resume and complete bring about the states they say', async () => {
    const id = await stage.start();
    expect(await stage.json('pause', id, '--reason', 'x')).toEqual({ id, state: 'PAUSED', record: expect.any(Number) });
    expect(await stage.sdk.session(id).describe()).toMatchObject({ state: 'PAUSED', cause: 'operator', reason: 'x' });
    expect(await stage.json('resume', id, '--reason', 'y', '--accept-changes')).toMatchObject({ state: 'RESUMING' });
    await expect.poll(async () => (await stage.sdk.session(id).describe()).state, { timeout: 10_000 }).toBe('RUNNING');
    expect(await stage.run('complete', id)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${id}: (AUDIT|COMPLETED) `)),
    });
    expect(await stage.sdk.session(id).wait()).toMatchObject({ outcome: 'COMPLETED' });
  });

  test('L3: `cancel` ends a session as FAILED', async () => {
    const id = await stage.start();
    expect(await stage.run('cancel', id, '--reason', 'no longer needed')).toMatchObject({ code: 0 });
    expect(await stage.sdk.session(id).wait()).toMatchObject({ outcome: 'FAILED', code: 'SESSION_CANCELLED' });
    expect((await stage.run('show', id)).stdout).toMatch(/state +FAILED[^]*SESSION_CANCELLED/);
  });

  test('L7: `rollback` goes back to the start', async () => {
    const id = await stage.start();
    expect(await stage.run('rollback', id, '--reason', 'wrong customer')).toMatchObject({ code: 0 });
    expect(await stage.sdk.session(id).wait()).toMatchObject({ outcome: 'FAILED', code: 'ROLLED_BACK' });
  });

  test('T2: a deadline that has passed is shown with the command that extends it, and `extend` moves it', async () => {
    const id = await stage.start({ profile: 'brief' });
    await expect.poll(async () => (await stage.sdk.session(id).describe()).state, { timeout: 15_000 }).toBe('PAUSED');
    expect((await stage.run('show', id)).stdout).toMatch(/PAUSED \(timeout\)[^]*grace until[^]*custody extend/);
    const before = await stage.sdk.session(id).describe();
    expect(await stage.run('extend', id, '--by', '2h', '--reason', 'review takes longer')).toMatchObject({ code: 0 });
    const after = await stage.sdk.session(id).describe();
    expect(after.graceUntil).toBeNull();
    expect(Date.parse(after.deadlineAt!)).toBeGreaterThan(Date.parse(before.deadlineAt!));
    expect(await stage.run('extend', id, '--by', '48h', '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^EXTENSION_TOO_LONG: .*\n  \S/),
    });
  });

  test('U4: what a session refuses is exit code 1 with code, sentence and remedy; also as JSON', async () => {
    const id = await stage.start();
    expect(await stage.run('resume', id, '--reason', 'x')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^ILLEGAL_IN_STATE: .+\n  .+custody show/),
    });
    const { code, stdout, stderr } = await stage.run('resume', id, '--reason', 'x', '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({
      error: { code: 'ILLEGAL_IN_STATE', message: expect.any(String), remedy: expect.stringContaining('custody show') },
    });
    expect((await stage.run('watch', id, '--no-follow')).stdout).toMatch(/refused +resume: ILLEGAL_IN_STATE/);
  });

  test('U4: a session that is not there, and one that has ended, are told apart', async () => {
    const id = await stage.start();
    await stage.sdk.session(id).cancel({ reason: 'x' });
    await stage.sdk.session(id).wait();
    const [missing, ended, watched] = await Promise.all([
      stage.run('pause', 'nobody', '--reason', 'x'),
      stage.run('pause', id, '--reason', 'x'),
      stage.run('watch', 'nobody'),
    ]);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^SESSION_NOT_FOUND: /) });
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/^SESSION_CLOSED: /) });
    expect(watched).toMatchObject({ code: 1, stderr: expect.stringMatching(/^SESSION_NOT_FOUND: /) });
  });
});
