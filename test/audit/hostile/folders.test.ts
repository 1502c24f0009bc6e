import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Bundle } from '../../../audit/verify/bundle.ts';
import { verify } from '../../../audit/verify/verify.ts';
import { BundleFolder } from '../../../cli/audit/bundleFolder.ts';
import { onDisk, scratch } from '../../support/evidence/onDisk.ts';
import { sealedSession, TRUST } from '../../support/evidence/sealed.ts';

/** A bundle that counts what is taken from it. */
class Counted implements Bundle {
  bytes = 0;
  paths = 0;
  readonly #bundle: Bundle;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  async get(path: string, most: number): Promise<Uint8Array | undefined> {
    const bytes = await this.#bundle.get(path, most);
    this.bytes += bytes?.length ?? 0;
    return bytes;
  }

  async *list(folder: ''): AsyncIterable<string> {
    for await (const path of this.#bundle.list(folder)) {
      this.paths += 1;
      yield path;
    }
  }
}

describe('A4: a folder that is no bundle ends by a code, and is not read without end', () => {
  let folder = '';
  let entries = '';
  let size = 0;
  beforeEach(async () => {
    const { files } = await sealedSession('undo');
    folder = await onDisk(files);
    entries = [...files.keys()].find((path) => path.startsWith('tile/entries/'))!;
    size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  });

  async function found(): Promise<readonly string[]> {
    const counted = new Counted(new BundleFolder(folder));
    const { isSound, counts, findings } = await verify(counted, TRUST);
    expect(isSound).toBe(false);
    expect(findings.length).toBeLessThan(1000);
    // Each file is read when it is held against the list, and again when it is used.
    expect(counted.bytes).toBeLessThan(3 * size);
    expect(counted.paths).toBeLessThan(10_000);
    return Object.keys(counts);
  }

  test.each([
    ['a device without end', '/dev/zero'],
    ['a file outside', '/etc/hosts'],
    ['itself', 'itself'],
  ])('a link to %s in the place of a file', async (_, target) => {
    await rm(join(folder, entries));
    await symlink(target === 'itself' ? join(folder, entries) : target, join(folder, entries));
    expect(await found()).toContain('FILE_UNREADABLE');
  });

  test.each(['MANIFEST', 'checkpoint', 'session.key'])('a link in the place of %s', async (path) => {
    await rm(join(folder, path));
    await symlink('/dev/zero', join(folder, path));
    expect((await found()).filter((code) => /_INVALID$|KEY_WRONG|FILE_UNREADABLE/.test(code))).not.toEqual([]);
  });

  test('a link to a folder in the place of one, and one to a folder above', async () => {
    const away = await scratch();
    await promisify(execFile)('cp', ['-r', join(folder, 'tile'), away]);
    await rm(join(folder, 'tile'), { recursive: true });
    await symlink(join(away, 'tile'), join(folder, 'tile'));
    await symlink('..', join(folder, 'documents', 'up'));
    const codes = await found();
    expect(codes).toContain('FILE_UNREADABLE');
    expect(codes).toContain('FILE_UNLISTED');
  });

  test('a pipe that nobody writes to', async () => {
    await rm(join(folder, entries));
    await promisify(execFile)('mkfifo', [join(folder, entries)]);
    expect(await found()).toContain('FILE_UNREADABLE');
  });

  test.each(['MANIFEST', 'checkpoint', 'session.key', 'a file of it'])('a terabyte of nothing as %s', async (name) => {
    await truncate(join(folder, name === 'a file of it' ? entries : name), 2 ** 40);
    expect((await found()).filter((code) => /_INVALID$|KEY_WRONG|TOO_LARGE/.test(code))).not.toEqual([]);
  });

  test('a folder in the place of a file, and a file in that of a folder', async () => {
    await rm(join(folder, entries));
    await mkdir(join(folder, entries));
    await rm(join(folder, 'documents'), { recursive: true });
    await writeFile(join(folder, 'documents'), '');
    expect(await found()).toEqual(expect.arrayContaining(['FILE_UNREADABLE', 'FILE_UNLISTED']));
  });

  test('folders in folders in folders', async () => {
    await mkdir(join(folder, ...Array.from({ length: 500 }, () => 'a')), { recursive: true });
    expect(await found()).toContain('TOO_LARGE');
  });

  test('thousands of files that nobody signed', async () => {
    await mkdir(join(folder, 'more'));
    for (let index = 0; index < 3000; index += 1) await writeFile(join(folder, 'more', `${index}`), '');
    const { counts, findings } = await verify(new BundleFolder(folder), TRUST);
    expect(counts.FILE_UNLISTED).toBe(3000);
    expect(findings.filter(({ code }) => code === 'FILE_UNLISTED')).toHaveLength(100);
  });

  test('files without end', async () => {
    const sealed = new BundleFolder(folder);
    const endless = new Counted({
      get: (path, most) => sealed.get(path, most),
      async *list() {
        for (let index = 0; ; index += 1) yield `more/${index}`;
      },
    });
    expect((await verify(endless, TRUST)).counts.TOO_LARGE).toBe(1);
    expect(endless.paths).toBeLessThan(2_000_002);
  });
});
