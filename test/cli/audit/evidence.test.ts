import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseVkey } from '../../../audit/tlog/note/keys.ts';
import { eventually } from '../../support/harness.ts';
import { VKEY } from '../../support/evidence/onDisk.ts';
import { custody, type Ended } from '../harness.ts';
import { openStage, type Stage } from '../stage.ts';

let stage: Stage;
let [id, vkey] = ['', ''];
let made: Ended;
beforeAll(async () => {
  stage = await openStage({
    async prepare({ path, config, write }) {
      made = await custody(['keys', 'evidence', '--name', 'example.com/custody'], { cwd: path });
      await write('evidence.vkey', made.stdout);
      await write('other.vkey', VKEY);
      const rest = JSON.parse(await readFile(config, 'utf8')) as object;
      await write('unsealed.yaml', rest);
      const evidence = { archive: { folder: './archive' }, sign: { fromFile: './evidence.key' }, keys: './keys' };
      await write('custody.yaml', { ...rest, evidence });
    },
  });
  vkey = made.stdout.trim();
  id = await stage.start();
  await stage.sdk.session(id).call('journal.append', { text: 'one' }, { callId: 'one' });
  await stage.sdk.session(id).complete({ reason: 'done' });
  await stage.sdk.session(id).wait();
  await mkdir(join(stage.folder.path, 'empty'));
});
afterAll(() => stage?.end());

/** Runs the command in the folder, where a stack trace is never an answer. */
async function run(...args: readonly string[]): Promise<Ended> {
  const ended = await stage.runWith({ cwd: stage.folder.path }, ...args);
  expect(ended.stdout + ended.stderr).not.toMatch(/\n\s+at |node:internal|INTERNAL_ERROR/);
  return ended;
}

/** Fails in one line with a code, and what to do. */
const refused = (code: number, by: string) => ({
  code,
  stdout: '',
  stderr: expect.stringMatching(`^${by}: .+\n  .+\n$`),
});
const inFolder = (...parts: readonly string[]): string => join(stage.folder.path, ...parts);
const TRUST = ['--trust', 'evidence.vkey'];

describe('A4, U2: the commands of evidence, one after the other', () => {
  test('custody keys evidence makes a key, and prints the public one', async () => {
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('evidence.sign') });
    expect(parseVkey(vkey).name).toBe('example.com/custody');
    expect((await stat(inFolder('evidence.key'))).mode & 0o777).toBe(0o600);
    expect(await run('keys', 'evidence', '--name', 'a')).toMatchObject(refused(2, 'USAGE'));
    expect(await run('keys', 'evidence', '--name', 'a b', '--out', 'b.key')).toMatchObject(
      refused(1, 'NOTE_KEY_INVALID'),
    );
    expect(await run('keys', 'evidence', '--name', 'a', '--out', 'no/where.key')).toMatchObject(refused(2, 'USAGE'));
  });

  test('custody audit seal takes the bundle of a session out, with its key or without', async () => {
    const { code, stdout } = await run('audit', 'seal', id, '-o', 'bundle');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+ records of \S+ are sealed, in \d+ files in .*\n/);
    const [, command = ''] = /Verify it with: custody (.*)\n$/.exec(stdout) ?? [];
    expect(await run(...command.split(' '))).toMatchObject({ code: 0, stdout: expect.stringMatching(/^SOUND: /) });
    expect(await run('audit', 'seal', id, '-o', 'withheld', '--withheld')).toMatchObject({ code: 0 });
    await expect(stat(inFolder('withheld/session.key'))).rejects.toThrow('ENOENT');
  });

  test.each<[string, readonly string[], number, string]>([
    ['a folder that is not empty', ['-o', 'bundle'], 2, 'USAGE'],
    ['no custody.yaml', ['-o', 'x1', '--config', 'none.yaml'], 1, 'CONFIG_\\w+'],
    ['one that seals nothing', ['-o', 'x2', '--config', 'unsealed.yaml'], 1, 'EVIDENCE_OFF'],
  ])('custody audit seal refuses %s', async (_, args, code, by) => {
    expect(await run('audit', 'seal', id, ...args)).toMatchObject(refused(code, by));
  });

  test('custody audit seal refuses what is no session', async () => {
    expect(await run('audit', 'seal', 'nobody', '-o', 'x3')).toMatchObject(refused(1, 'SESSION_NOT_FOUND'));
  });

  test('custody verify finds the bundle, the folder of the archive and the log of the namespace sound', async () => {
    const origin = ['--origin', `custody/${stage.namespace}/${id}`];
    const whole = await run('verify', 'bundle', ...TRUST, ...origin);
    expect(whole).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^SOUND: \d+ records of /) });
    // As a writer leaves one that died.
    await writeFile(inFolder('archive', stage.namespace, 'sessions', id, 'tile', 'left'), '');
    const left = await run('verify', `archive/${stage.namespace}/sessions/${id}`, ...TRUST);
    expect(left).toMatchObject({ code: 1, stdout: expect.stringMatching(/FILE_UNLISTED[^]*--archive/) });
    const archived = ['verify', `archive/${stage.namespace}/sessions/${id}`, '--archive', ...TRUST, ...origin];
    const closed = await run(...archived, '--json');
    expect(JSON.parse(closed.stdout)).toMatchObject({ isSound: true, opened: 0, counts: { WITHHELD: 1 } });
    const opened = await run(...archived, '--session-key', `keys/${stage.namespace}/sessions/${id}.key`);
    expect(opened).toMatchObject({ code: 0, stdout: expect.stringMatching(/opened {5}(\d+) records, \1 derived/) });
    const log = ['verify', `archive/${stage.namespace}/log/custody`, ...TRUST];
    const listed = await eventually(async () => {
      const ended = await run(...log);
      return ended.stdout.startsWith('SOUND: 1 session of ') && ended;
    }, 'the log names the session');
    expect(listed.code).toBe(0);
  });

  test('custody audit proof proves one record of it', async () => {
    expect(await run('audit', 'proof', 'bundle', '0', '-o', 'record')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('verify', 'record', ...TRUST)).toMatchObject({ code: 0 });
    expect(await run('audit', 'proof', 'bundle', '0', '-o', 'record')).toMatchObject(refused(2, 'USAGE'));
    expect(await run('audit', 'proof', 'nowhere', '0', '-o', 'x')).toMatchObject(refused(2, 'USAGE'));
    expect(await run('audit', 'proof', 'empty', '0', '-o', 'x')).toMatchObject(refused(1, 'LOG_INCOMPLETE'));
    expect(await run('audit', 'proof', 'bundle', 'x', '-o', 'x')).toMatchObject(refused(2, 'USAGE'));
    expect(await run('audit', 'proof', 'bundle', '9999', '-o', 'x')).toMatchObject(refused(2, 'USAGE'));
    await expect(stat(inFolder('x'))).rejects.toThrow('ENOENT');
  });

  test('custody report makes a report of it, which is verified with it', async () => {
    const made = await run(
      'report',
      'bundle',
      ...TRUST,
      '--kind',
      'compliance',
      '--format',
      'json',
      '-o',
      'report.json',
    );
    expect(made).toMatchObject({ code: 0 });
    expect(await run('verify', 'bundle', ...TRUST, '--report', 'report.json')).toMatchObject({ code: 0 });
    expect(await run('report', id, '--kind', 'compliance')).toMatchObject({ code: 0, stderr: '' });
    expect(await run('report', 'empty', ...TRUST)).toMatchObject(refused(1, 'BUNDLE_MALFORMED'));
    expect(await run('report', 'nowhere', ...TRUST)).toMatchObject(refused(2, 'USAGE'));
    expect(await run('report', 'bundle', '--trust', 'other.vkey')).toMatchObject(refused(1, 'BUNDLE_MALFORMED'));
    expect(await run('report', 'withheld', ...TRUST)).toMatchObject(refused(1, 'EVIDENCE_ERASED'));
    expect(await run('verify', 'bundle', ...TRUST, '--report', 'evidence.vkey')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('REPORT_INVALID'),
    });
  });

  test('custody verify says of what is none what is wrong with it', async () => {
    const log = `archive/${stage.namespace}/log/custody`;
    const unsound = (finding: string) => ({ code: 1, stdout: expect.stringMatching(`^NOT SOUND: [^]*${finding}`) });
    expect(await run('verify', 'nowhere', ...TRUST)).toMatchObject(refused(2, 'USAGE'));
    expect(await run('verify', 'empty', ...TRUST)).toMatchObject(unsound('MANIFEST_INVALID'));
    expect(await run('verify', 'evidence.vkey', ...TRUST)).toMatchObject(unsound('TREE_INVALID'));
    expect(await run('verify', 'bundle', '--trust', 'other.vkey')).toMatchObject(unsound('MANIFEST_INVALID'));
    expect(await run('verify', log, '--trust', 'other.vkey')).toMatchObject(unsound('CHECKPOINT_INVALID'));
    expect(await run('verify', log, ...TRUST, '--sessions', 'empty')).toMatchObject(unsound('SESSION_DROPPED'));
    expect(await run('verify', 'bundle', '--trust', 'evidence.key')).toMatchObject(refused(1, 'NOTE_KEY_INVALID'));
    expect(await run('verify', 'bundle', ...TRUST, '--session-key', 'evidence.key')).toMatchObject(refused(2, 'USAGE'));
    await writeFile(inFolder('wrong.key'), `${Buffer.alloc(32).toString('base64')}\n`);
    expect(await run('verify', 'bundle', ...TRUST, '--session-key', 'wrong.key')).toMatchObject(unsound('KEY_WRONG'));
  });
});
