import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CustodyError, type ErrorCode } from '../../../protocol/errors.ts';
import type { EvidenceStore } from '../../../protocol/evidence/store.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const IMMUTABLE = { kind: 'immutable' } as const;
const REPLACES = { kind: 'replaces' } as const;
const MOST = 1024 * 1024;

export const codeOf = (run: Promise<unknown>): Promise<ErrorCode | string> =>
  run.then(
    (value) => `no error, but ${String(value)}`,
    (error: unknown) => (error instanceof CustodyError ? error.code : String(error)),
  );

export const pathsOf = async (store: EvidenceStore, folder = ''): Promise<string[]> => {
  const paths: string[] = [];
  for await (const path of store.list(folder)) paths.push(path);
  return paths;
};

/** What is no path of evidence. */
const HOSTILE = [
  '/ /etc/passwd a/ a//b . .. a/../b ../a a/./b .hidden a/.hidden a\\b ä a%2fb a?b ~/a C:/a a*'.split(' '),
  ['', 'a b', 'a\0b', 'a\nb', `a/${'b'.repeat(129)}`, `${'a/'.repeat(16)}a`, 'x'.repeat(501)],
].flat();

/**
 * What each store of evidence does.
 * @param open an empty store, and another over the same place
 */
export function claims(name: string, open: () => Promise<readonly [EvidenceStore, EvidenceStore]>): void {
  describe(`A4: evidence in ${name}`, () => {
    test('is given back as it was put, whatever its bytes are', async () => {
      const [store, other] = await open();
      let n = 0;
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (content) => {
          const path = `bytes/${(n += 1)}`;
          await store.put(path, content, IMMUTABLE);
          expect(await other.get(path, content.length)).toEqual(content);
        }),
        { numRuns: 30 },
      );
    });

    test('is not there before it was put, and that is no error', async () => {
      const [store] = await open();
      expect(await store.get('demo/none', MOST)).toBeUndefined();
      expect(await store.has('demo/none')).toBe(false);
      expect(await pathsOf(store)).toEqual([]);
      expect(await pathsOf(store, 'demo')).toEqual([]);
      await store.put('demo/there', bytes('x'), IMMUTABLE);
      expect([await store.has('demo/there'), await store.has('demo'), await store.get('demo', MOST)]).toEqual([
        true,
        false,
        undefined,
      ]);
    });

    test('does not change once it is there: the same bytes are fine, others are a conflict', async () => {
      const [store, other] = await open();
      await store.put('s/tile/0/000', bytes('one'), IMMUTABLE);
      await other.put('s/tile/0/000', bytes('one'), IMMUTABLE);
      for (const content of ['two', 'on', 'ones', ''])
        expect(await codeOf(other.put('s/tile/0/000', bytes(content), IMMUTABLE))).toBe('EVIDENCE_CONFLICT');
      expect(await store.get('s/tile/0/000', MOST)).toEqual(bytes('one'));
    });

    test('is kept once by many who put it at once; of many who differ one wins, and the others are told', async () => {
      const stores = await open();
      const put = (path: string, content: (n: number) => string) =>
        Promise.all(
          Array.from({ length: 12 }, (_, n) =>
            codeOf(stores[n % 2]!.put(path, bytes(content(n)), IMMUTABLE).then(() => 'kept')),
          ),
        );
      expect(new Set(await put('same', () => 'the same'))).toEqual(new Set(['no error, but kept']));
      const told = await put('other', (n) => `of ${n}`);
      const winners = told.flatMap((what, n) => (what === 'no error, but kept' ? [n] : []));
      expect(winners).toHaveLength(1);
      expect(new Set(told)).toEqual(new Set(['no error, but kept', 'EVIDENCE_CONFLICT']));
      expect(await stores[0].get('other', MOST)).toEqual(bytes(`of ${winners[0]}`));
    });

    test('is replaced where that is asked, as a checkpoint is', async () => {
      const [store, other] = await open();
      for (const content of ['size 1', 'size 2, longer', '']) {
        await store.put('s/checkpoint', bytes(content), REPLACES);
        expect(await other.get('s/checkpoint', MOST)).toEqual(bytes(content));
      }
      expect(await pathsOf(store)).toEqual(['s/checkpoint']);
    });

    test('is read up to a size, and no further', async () => {
      const [store] = await open();
      await store.put('big', new Uint8Array(300_000).fill(7), IMMUTABLE);
      expect((await store.get('big', 300_000))?.length).toBe(300_000);
      expect(await codeOf(store.get('big', 299_999))).toBe('EVIDENCE_TOO_LARGE');
    });

    test('is listed in the order of its characters, by folder', async () => {
      const [store] = await open();
      const paths = ['s-2/a', 's/a-b', 's/a.b', 's/a/b', 's/a/b-c/d', 's/a0', 's/tile/0/x001/067.p/8', 't'];
      for (const path of paths.toReversed()) await store.put(path, bytes(path), IMMUTABLE);
      expect(await pathsOf(store)).toEqual(paths);
      expect(await pathsOf(store, 's')).toEqual(paths.filter((path) => path.startsWith('s/')));
      expect(await pathsOf(store, 's/a')).toEqual(['s/a/b', 's/a/b-c/d']);
      expect(await pathsOf(store, 't')).toEqual([]);
    });

    test.each(HOSTILE)('refuses %j as a path, and looks at nothing', async (path) => {
      const [store] = await open();
      expect(await codeOf(store.put(path, bytes('x'), IMMUTABLE))).toBe('EVIDENCE_PATH');
      expect(await codeOf(store.put(path, bytes('x'), REPLACES))).toBe('EVIDENCE_PATH');
      expect(await codeOf(store.get(path, MOST))).toBe('EVIDENCE_PATH');
      expect(await codeOf(store.has(path))).toBe('EVIDENCE_PATH');
      expect(await codeOf(store.hold(path, true))).toBe('EVIDENCE_PATH');
      if (path !== '') expect(await codeOf(pathsOf(store, path))).toBe('EVIDENCE_PATH');
    });

    test('does not take a folder for a file', async () => {
      const [store] = await open();
      await store.put('s/a', bytes('x'), IMMUTABLE);
      expect(await codeOf(store.put('s/a/b', bytes('x'), IMMUTABLE))).toBe('EVIDENCE_CONFLICT');
      expect(await codeOf(store.put('s', bytes('x'), REPLACES))).toBe('EVIDENCE_CONFLICT');
      expect(await store.get('s/a/b', MOST)).toBeUndefined();
    });
  });
}
