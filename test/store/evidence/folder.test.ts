import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EvidenceFolder } from '../../../store/evidence/folder.ts';
import { claims, codeOf, pathsOf } from './claims.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'custody-evidence-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const fresh = async (): Promise<EvidenceFolder> =>
  new EvidenceFolder(join(await mkdtemp(join(dir, 'archive-')), 'not', 'there', 'yet'));

claims('a folder', async () => {
  const store = await fresh();
  return [store, new EvidenceFolder(store.dir)];
});

const IMMUTABLE = { kind: 'immutable' } as const;
const X = Buffer.from('x');

describe('A4: a folder of evidence', () => {
  test('has files and folders that are its user’s alone, and nothing half written', async () => {
    const store = await fresh();
    await store.put('s/tile/0/000', X, IMMUTABLE);
    await store.put('s/checkpoint', X, { kind: 'replaces' });
    const modeOf = async (path: string) => (await stat(join(store.dir, path))).mode & 0o777;
    expect(await Promise.all(['s', 's/tile', 's/tile/0', ''].map(modeOf))).toEqual([0o700, 0o700, 0o700, 0o700]);
    expect(await Promise.all(['s/tile/0/000', 's/checkpoint'].map(modeOf))).toEqual([0o600, 0o600]);
    expect((await readdir(store.dir, { recursive: true })).sort()).toEqual(
      ['s', 's/checkpoint', 's/tile', 's/tile/0', 's/tile/0/000'].sort(),
    );
  });

  test('locks nothing, says so, and takes nothing that is to be locked', async () => {
    const store = await fresh();
    expect(await store.can()).toEqual({ lock: false, hold: false });
    const retainUntil = new Date(Date.now() + 60_000);
    expect(await codeOf(store.put('a', X, { kind: 'immutable', retainUntil }))).toBe('EVIDENCE_NOT_LOCKABLE');
    expect(await codeOf(store.hold('a', true))).toBe('EVIDENCE_NOT_LOCKABLE');
    expect(await store.has('a')).toBe(false);
  });

  test('follows no link below it: not to read, not to write, not to list', async () => {
    const store = await fresh();
    await store.put('s/real', X, IMMUTABLE);
    const outside = await mkdtemp(join(dir, 'outside-'));
    await writeFile(join(outside, 'secret'), 'secret');
    await symlink(outside, join(store.dir, 's', 'out'));
    await symlink(join(outside, 'secret'), join(store.dir, 's', 'file'));
    expect(await codeOf(store.get('s/out/secret', 100))).toBe('EVIDENCE_REFUSED');
    expect(await codeOf(store.has('s/out/secret'))).toBe('EVIDENCE_REFUSED');
    expect(await codeOf(store.get('s/file', 100))).toBe('EVIDENCE_REFUSED');
    expect(await codeOf(store.put('s/out/new', X, IMMUTABLE))).toBe('EVIDENCE_CONFLICT');
    expect(await codeOf(store.put('s/out/deep/new', X, IMMUTABLE))).toBe('EVIDENCE_CONFLICT');
    expect(await codeOf(store.put('s/file', X, IMMUTABLE))).toBe('EVIDENCE_REFUSED');
    expect(await codeOf(pathsOf(store, 's/out'))).toBe('EVIDENCE_REFUSED');
    expect(await pathsOf(store)).toEqual(['s/real']);
    await store.put('s/file', X, { kind: 'replaces' });
    expect(await readFile(join(outside, 'secret'), 'utf8')).toBe('secret');
    expect(await readdir(outside)).toEqual(['secret']);
  });

  test('may be reached by a link itself', async () => {
    const store = await fresh();
    await store.put('s/a', X, IMMUTABLE);
    const linked = new EvidenceFolder(join(dir, 'linked'));
    await symlink(store.dir, linked.dir);
    await linked.put('s/b', X, IMMUTABLE);
    expect([await pathsOf(linked), await linked.get('s/a', 1)]).toEqual([['s/a', 's/b'], new Uint8Array(X)]);
  });

  test('passes over what is no evidence: hidden files, pipes, names that are none', async () => {
    const store = await fresh();
    await store.put('s/a', X, IMMUTABLE);
    await writeFile(join(store.dir, '.s.part'), '');
    await writeFile(join(store.dir, 'with space'), '');
    await mkdir(join(store.dir, 'empty'));
    expect(await pathsOf(store)).toEqual(['s/a']);
  });

  test('says that it cannot be made where a file is', async () => {
    const path = join(dir, 'file');
    await writeFile(path, '');
    expect(await codeOf(new EvidenceFolder(join(path, 'archive')).put('a', X, IMMUTABLE))).toBe('EVIDENCE_CONFLICT');
    expect(await new EvidenceFolder(join(path, 'archive')).get('a', 1)).toBeUndefined();
  });

  test.skipIf(process.getuid?.() === 0)('says that it is refused where it may not write', async () => {
    const closed = await mkdtemp(join(dir, 'closed-'));
    await chmod(closed, 0o500);
    expect(await codeOf(new EvidenceFolder(closed).put('a', X, IMMUTABLE))).toBe('EVIDENCE_REFUSED');
  });
});
