import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import { isRef, PREVIEW, type Ref } from '../../protocol/values/payload.ts';
import { FolderStore } from '../../store/folder.ts';
import { problemOfFolder, storeFolder } from '../../store/location.ts';

let dir: string;
let store: FolderStore;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'custody-store-'));
  store = new FolderStore(join(dir, 'payloads'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const fileOf = ({ sha256 }: Ref): string => join(store.dir, sha256.slice(0, 2), sha256);
const json = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }) as fc.Arbitrary<Json>;

describe('E5: the payload store', () => {
  test('gives back what was put, under the SHA-256 of its RFC 8785 form, in whatever order its keys were', async () => {
    await fc.assert(
      fc.asyncProperty(json, async (value) => {
        const ref = await store.put(value);
        const text = canonical(value);
        expect(ref).toEqual({
          sha256: createHash('sha256').update(text).digest('hex'),
          bytes: Buffer.byteLength(text),
          preview: text.slice(0, PREVIEW).toWellFormed(),
        });
        expect(isRef(JSON.parse(JSON.stringify(ref)))).toBe(true);
        expect(canonical(await store.get(ref))).toBe(text);
        expect(await readFile(fileOf(ref), 'utf8')).toBe(text);
      }),
    );
    expect(await store.put({ b: 1, a: [2, { d: 3, c: 4 }] })).toEqual(
      await store.put({ a: [2, { c: 4, d: 3 }], b: 1 }),
    );
  });

  test('shows the first characters of a value, and never half of one', async () => {
    const { preview } = await store.put(`${'x'.repeat(PREVIEW - 2)}😀${'y'.repeat(100_000)}`);
    expect(preview).toBe(`"${'x'.repeat(PREVIEW - 2)}\uFFFD`);
  });

  test('keeps a value once, for its user alone, and renews its time when it is put again', async () => {
    const ref = await store.put({ text: 'z'.repeat(100_000) });
    await utimes(fileOf(ref), 1, 1);
    const [before, again] = [await stat(fileOf(ref)), await store.put({ text: 'z'.repeat(100_000) })];
    const after = await stat(fileOf(ref));
    expect(again).toEqual(ref);
    expect([after.ino, after.mode & 0o777, (await stat(join(store.dir, ref.sha256.slice(0, 2)))).mode & 0o777]).toEqual(
      [before.ino, 0o600, 0o700],
    );
    expect(after.mtimeMs).toBeGreaterThan(before.mtimeMs);
    expect((await readdir(join(store.dir, ref.sha256.slice(0, 2)))).filter((name) => name.endsWith('.part'))).toEqual(
      [],
    );
  });

  test('takes one value from many at once', async () => {
    const others = [new FolderStore(store.dir), new FolderStore(store.dir), store];
    const refs = await Promise.all(
      Array.from({ length: 30 }, (_, n) => others[n % 3]!.put({ text: 'q'.repeat(300_000) })),
    );
    expect(new Set(refs.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await store.get(refs[0]!)).toEqual({ text: 'q'.repeat(300_000) });
    expect(await readdir(join(store.dir, refs[0]!.sha256.slice(0, 2)))).toContain(refs[0]!.sha256);
  });

  test('says where it looked for a value that it lacks, and what is wrong with one that was changed', async () => {
    const ref = await store.put({ text: 'as it was' });
    await writeFile(fileOf(ref), '{"text":"as it is!"}');
    await expect(store.get(ref)).rejects.toMatchObject({
      code: 'PAYLOAD_CORRUPT',
      message: expect.stringContaining(fileOf(ref)),
    });
    await writeFile(fileOf(ref), '{"text":"as it was"');
    await expect(store.get(ref)).rejects.toMatchObject({ code: 'PAYLOAD_CORRUPT' });
    await rm(fileOf(ref));
    await expect(store.get(ref)).rejects.toMatchObject({
      code: 'PAYLOAD_MISSING',
      message: expect.stringContaining(store.dir),
    });
  });

  test('replaces a file that was damaged when its value is put again, by whatever it was damaged', async () => {
    const value = { text: 'to be mended' };
    const ref = await store.put(value);
    for (const damaged of ['{"text":"to be MENDED"}', '{"text":', '']) {
      await writeFile(fileOf(ref), damaged);
      expect(await store.put(value)).toEqual(ref);
      expect(await store.get(ref)).toEqual(value);
    }
  });

  test('reads no other file, whatever a reference says', async () => {
    await writeFile(join(dir, 'secret'), '{}');
    for (const sha256 of ['../secret', '../../etc/passwd', '', 'A'.repeat(64)]) {
      const ref = { sha256, bytes: 2, preview: '{}' };
      expect(isRef(ref)).toBe(false);
      await expect(store.get(ref)).rejects.toMatchObject({ code: 'PAYLOAD_MISSING' });
    }
  });

  test.skipIf(process.getuid?.() === 0)('says why it cannot be written', async () => {
    const closed = await mkdtemp(join(dir, 'closed-'));
    await chmod(closed, 0o500);
    await expect(new FolderStore(join(closed, 'payloads')).put(1)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining(closed),
    });
  });

  test('cannot be a file, and says so', async () => {
    const path = join(dir, 'file');
    await writeFile(path, '');
    await expect(new FolderStore(join(path, 'payloads')).put(1)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
    });
    expect(await problemOfFolder(join(path, 'payloads'))).toContain('ENOTDIR');
    expect(await problemOfFolder(join(dir, 'not', 'there', 'yet'))).toBeUndefined();
  });
});

test('L6, E5: a process killed while it puts values leaves none cut off, and what it reported is there', async () => {
  const script = new URL('../../dist/test/store/putting.js', import.meta.url).pathname;
  const folder = join(dir, 'killed');
  const survivor = new FolderStore(folder);
  for (let round = 0; round < 12; round += 1) {
    const child = spawn(process.execPath, [script, folder, String(round)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const reported: Ref[] = [];
    for await (const line of createInterface(child.stdout)) {
      reported.push(JSON.parse(line) as Ref);
      if (reported.length === 1 + (round % 4)) setTimeout(() => child.kill('SIGKILL'), round);
    }
    await (child.signalCode === null ? once(child, 'exit') : undefined);
    expect(child.signalCode).toBe('SIGKILL');
    for (const ref of reported) expect(await survivor.get(ref)).toMatchObject({ round });
  }
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\/[0-9a-f]{64}$/.test(name));
  expect(names.length).toBeGreaterThan(12);
  for (const name of names) {
    const content = await readFile(join(folder, name));
    expect(name.endsWith(createHash('sha256').update(content).digest('hex')), name).toBe(true);
  }
});

test('E5: the folder of the store is the one named, else CUSTODY_STORE, else among the data of the user', () => {
  const before = { ...process.env };
  try {
    process.env.CUSTODY_STORE = '/from/environment';
    expect([storeFolder('/named'), storeFolder()]).toEqual(['/named', '/from/environment']);
    delete process.env.CUSTODY_STORE;
    process.env.XDG_DATA_HOME = '/data';
    expect(storeFolder()).toBe('/data/custody/payloads');
    delete process.env.XDG_DATA_HOME;
    expect(storeFolder()).toMatch(/\/\.local\/share\/custody\/payloads$/);
  } finally {
    process.env.CUSTODY_STORE = before.CUSTODY_STORE;
    if (before.XDG_DATA_HOME !== undefined) process.env.XDG_DATA_HOME = before.XDG_DATA_HOME;
  }
});
