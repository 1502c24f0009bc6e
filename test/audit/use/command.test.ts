import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { custody } from '../../cli/harness.ts';
import { onDisk, scratch, VKEY } from '../../support/evidence/onDisk.ts';
import { sealedSession } from '../../support/evidence/sealed.ts';

const bundle = async (name = 'undo'): Promise<string> => onDisk((await sealedSession(name)).files);

/** Without Temporal: at this address nobody listens. */
const verify = (...args: readonly string[]) => custody(['verify', ...args, '--address', '127.0.0.1:1']);

describe('A4: custody verify', () => {
  test('says of a sound bundle in its first line that it is, and what that does not prove', async () => {
    const { code, stdout, stderr } = await verify(await bundle(), '--trust', VKEY);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [verdict] = stdout.split('\n');
    expect(verdict).toMatch(/^SOUND: \d+ records of custody\/default\/undo$/);
    expect(stdout).toMatch(/opened {5}(\d+) records, \1 derived again/);
    expect(stdout).toContain('What this does not prove:');
    expect(stdout).toContain('could have made all of it anew');
  });

  test('exits with 1 and names the file, and what to do, where one is changed', async () => {
    const folder = await bundle();
    const entries = [...(await sealedSession('undo')).files.keys()].find((path) => path.startsWith('tile/entries/'));
    await appendFile(join(folder, entries!), 'x');
    const { code, stdout } = await verify(folder, '--trust', VKEY);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^NOT SOUND: /);
    expect(stdout).toContain(`${entries}: its SHA-256 is `);
    expect(stdout).toContain('-> Take the bundle again');
  });

  test('takes a file of keys, an origin and a key that is kept apart, and answers JSON', async () => {
    const folder = await bundle();
    const apart = await scratch();
    await writeFile(join(apart, 'keys'), `# who seals\n${VKEY}\n`);
    await writeFile(join(apart, 'session.key'), await readFile(join(folder, 'session.key')));
    await rm(join(folder, 'session.key'));
    const trust = ['--trust', join(apart, 'keys'), '--trust', VKEY];
    const erased = await verify(...trust, folder, '--json');
    expect(JSON.parse(erased.stdout)).toMatchObject({ isSound: true, opened: 0, counts: { WITHHELD: 1 } });
    const opened = await verify(folder, ...trust, '--session-key', join(apart, 'session.key'), '--json');
    const said = JSON.parse(opened.stdout) as { readonly log: { readonly size: number } };
    expect(said).toMatchObject({ isSound: true, opened: said.log.size, limits: expect.arrayContaining([]) });
    const other = await verify(folder, ...trust, '--origin', 'custody/default/another');
    expect(other).toMatchObject({ code: 1, stdout: expect.stringContaining('ORIGIN_DIFFERS') });
  });

  test('exits with 2 where nothing, no key, or what is no key is named', async () => {
    const folder = await bundle();
    for (const args of [[], [folder], [folder, '--trust', 'nowhere'], ['nowhere', '--trust', VKEY]])
      expect(await verify(...args)).toMatchObject({ code: 2, stderr: expect.stringMatching(/^USAGE: /) });
  });

  test('trusts no other key', async () => {
    const other = 'other+8c8ea60a+AVTxcs55CGbMB6F3P3oJEKKsBRH4S8IFH9bIVXXXXXXX';
    const { code, stderr } = await verify(await bundle(), '--trust', other);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('NOTE_KEY_INVALID') });
  });

  test('finds that a witness that is asked for has not signed', async () => {
    const { code, stdout } = await verify(await bundle(), '--trust', VKEY, '--witness', VKEY, '--least', '2');
    expect(code).toBe(1);
    expect(stdout).toContain('WITNESS_INVALID');
  });

  test('writes the page that does the same, once', async () => {
    const page = join(await scratch(), 'verify.html');
    expect(await verify('--page', page)).toMatchObject({ code: 0 });
    expect(await readFile(page, 'utf8')).toContain('Verify a sealed session');
    expect(await verify('--page', page)).toMatchObject({ code: 2 });
  });
});

describe('A4: custody audit proof', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await bundle('decided');
  });
  const prove = async (...args: readonly string[]) => {
    const out = join(await scratch(), 'record.tlog-proof');
    return { out, ...(await custody(['audit', 'proof', folder, ...args, '--out', out])) };
  };

  test('proves one record with what it held, to whoever has the key of the signer', async () => {
    const { out, code } = await prove('1');
    expect(code).toBe(0);
    expect(await readFile(out, 'utf8')).toMatch(/^c2sp\.org\/tlog-proof@v1\nextra /);
    const { stdout } = await verify(out, '--trust', VKEY, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ isSound: true, opened: 1, files: 0 });
  });

  test('leaves out what it held where it is asked to', async () => {
    const { out } = await prove('1', '--closed');
    const { stdout } = await verify(out, '--trust', VKEY, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ isSound: true, opened: 0, counts: { WITHHELD: 1 } });
  });

  test.each([
    ['its leaf', (extra: string) => extra.replace('"seq":1', '"seq":0'), 'TREE_INVALID'],
    ['what it held', (extra: string) => extra.replace('"salt":"', '"salt":"0'), 'OPENING_INVALID'],
  ])('a proof with %s changed is not sound', async (_, change, code) => {
    const { out } = await prove('1');
    const text = await readFile(out, 'utf8');
    const changed = text.replace(/^extra (.*)$/m, (_line, base64: string) => {
      const extra = Buffer.from(base64, 'base64').toString();
      expect(change(extra)).not.toBe(extra);
      return `extra ${Buffer.from(change(extra)).toString('base64')}`;
    });
    await writeFile(out, changed);
    expect(await verify(out, '--trust', VKEY)).toMatchObject({ code: 1, stdout: expect.stringContaining(code) });
  });

  test('refuses a record that is not there', async () => {
    expect(await prove('100000')).toMatchObject({ code: 2, stderr: expect.stringContaining('and no 100000') });
  });
});
