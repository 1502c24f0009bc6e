import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { append } from '../../../audit/tlog/tiles/append.ts';
import { bundleOf, entriesIn } from '../../../audit/tlog/tiles/bundle.ts';
import { checkLog } from '../../../audit/tlog/tiles/check.ts';
import { type Files, filesFrom } from '../../../audit/tlog/tiles/files.ts';
import { hashesIn } from '../../../audit/tlog/tiles/hashTile.ts';
import { consistencyPaths, inclusionPaths, nodesIn } from '../../../audit/tlog/tiles/nodes.ts';
import { edgeOf, tilePath, tilesBetween, tilesOf } from '../../../audit/tlog/tiles/paths.ts';
import { rootOf } from '../../../audit/tlog/tree/frontier.ts';
import { HASHER } from '../../../audit/tlog/tree/hashing.ts';
import { consistencyProof, inclusionProof } from '../../../audit/tlog/tree/proofs.ts';
import { isConsistent, isIncluded } from '../../../audit/tlog/tree/verify.ts';
import { anyChange, damaged } from './change.ts';
import { bytes, entriesUpTo, FAST, logOf, rootByDefinition } from './place.ts';

const refused = (code: string) => expect.objectContaining({ code });
const LEAVES = entriesUpTo(1500).map((entry) => FAST.leaf(entry));

describe('A4: entries are bundled, and read back within bounds', () => {
  test('whatever the entries are', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    fc.assert(
      fc.property(entries, (list) => {
        expect(entriesIn(bundleOf(list), list.length)).toEqual(list);
      }),
    );
    const largest = new Uint8Array(65_535).fill(1);
    expect(entriesIn(bundleOf([largest, new Uint8Array(0)]), 2)).toEqual([largest, new Uint8Array(0)]);
  });

  test('an entry of more than 65,535 bytes is refused before anything is written', () => {
    expect(() => bundleOf([new Uint8Array(65_536)])).toThrow(refused('ENTRY_TOO_LARGE'));
    expect(() => append({ size: 0, hashes: [] }, () => undefined, [new Uint8Array(65_536)])).toThrow(
      refused('ENTRY_TOO_LARGE'),
    );
  });

  test('a bundle that is cut off, goes on, or has another number of entries is refused', () => {
    const bundle = bundleOf(entriesUpTo(3));
    for (let length = 0; length < bundle.length; length += 1)
      expect(() => entriesIn(bundle.subarray(0, length), 3)).toThrow(refused('LOG_MALFORMED'));
    for (const width of [1, 2, 4, 256]) expect(() => entriesIn(bundle, width)).toThrow(refused('LOG_MALFORMED'));
    expect(() => entriesIn(Uint8Array.from([...bundle, 0]), 3)).toThrow(refused('LOG_MALFORMED'));
    expect(() => entriesIn(Uint8Array.of(255, 255, 1), 1)).toThrow(refused('LOG_MALFORMED'));
    for (const length of [0, 31, 33, 63, 65])
      expect(() => hashesIn(new Uint8Array(length), 2)).toThrow(refused('LOG_MALFORMED'));
  });
});

describe('A4: appending', () => {
  const batches = fc.array(fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 200, max: 600 })), {
    minLength: 1,
    maxLength: 6,
  });

  test('in any batches makes the same tiles, and no file twice', () => {
    fc.assert(
      fc.property(batches, (sizes) => {
        const { tree, files } = logOf(sizes);
        const atOnce = logOf([tree.size]);
        expect(tree).toEqual(atOnce.tree);
        for (const [path, file] of atOnce.files) expect(files.get(path)).toEqual(file);
        expect([...atOnce.files.keys()]).toEqual(Array.from(tilesOf(tree.size), tilePath));
      }),
      { numRuns: 15 },
    );
  });

  test('names what was not there before', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(5000), (earlier, more) => {
        const size = Math.min(Number.MAX_SAFE_INTEGER, earlier + more);
        const paths = Array.from(tilesBetween(earlier, size), tilePath);
        expect(new Set(paths).size).toBe(paths.length);
        for (const tile of edgeOf(earlier)) expect(paths).not.toContain(tilePath(tile));
        for (const tile of edgeOf(size))
          expect(
            paths.includes(tilePath(tile)) || edgeOf(earlier).some((each) => tilePath(each) === tilePath(tile)),
          ).toBe(true);
      }),
    );
  });

  test('reads the right edge of the log alone', () => {
    const { tree, files } = logOf([700]);
    const asked: string[] = [];
    const all = filesFrom(files.values());
    const watched: Files = (path) => {
      asked.push(path);
      return all(path);
    };
    append(tree, watched, entriesUpTo(10, 700), FAST);
    expect(asked.sort()).toEqual(edgeOf(700).map(tilePath).sort());
  });

  test('does not go on from an edge that is not what the log ended in', () => {
    const { tree, files } = logOf([300, 450]);
    const all = filesFrom(files.values());
    fc.assert(
      fc.property(fc.constantFrom(...edgeOf(tree.size)), anyChange, (tile, change) => {
        const path = tilePath(tile);
        const other = damaged(all(path) as Uint8Array, change);
        expect(() => append(tree, (each) => (each === path ? other : all(each)), entriesUpTo(1), FAST)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^LOG_/) }),
        );
      }),
    );
    // Well-formed, and of another log.
    const other = filesFrom(append({ size: 0, hashes: [] }, () => undefined, entriesUpTo(750, 1), FAST).files);
    expect(() => append(tree, other, entriesUpTo(1), FAST)).toThrow(refused('LOG_CONTRADICTS'));
  });
});

describe('A4: a log is read back', () => {
  const { tree, files } = logOf([1200]);
  const all = filesFrom(files.values());

  test('with every entry at its index, and its root; by either implementation of SHA-256', () => {
    const seen: Uint8Array[] = [];
    for (const hasher of [FAST, HASHER]) {
      seen.length = 0;
      const checked = checkLog(1200, all, { hasher, onEntry: (entry, index) => (seen[index] = entry) });
      expect(checked).toEqual({ tree, faults: [] });
      expect(seen).toEqual(entriesUpTo(1200));
    }
    expect(rootOf(tree, FAST)).toEqual(rootByDefinition(LEAVES.slice(0, 1200)));
    expect(checkLog(0, () => undefined)).toEqual({ tree: { size: 0, hashes: [] }, faults: [] });
  });

  test('any change of any file of it is found, and named', () => {
    fc.assert(
      fc.property(fc.constantFrom(...tilesOf(1200)), anyChange, (tile, change) => {
        const path = tilePath(tile);
        const other = damaged(all(path) as Uint8Array, change);
        const checked = checkLog(1200, (each) => (each === path ? other : all(each)), { hasher: FAST });
        const expected = tile.level === 'entries' ? [path, path.replace('entries', '0')] : [path];
        expect(checked.faults.length).toBeGreaterThan(0);
        // What stands above a changed entry does not fit it either.
        expect(checked.faults.some((fault) => expected.includes(fault.path))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('a bundle that is missing is named, and what follows is still read', () => {
    const seen: number[] = [];
    const without: Files = (path) => (path === 'tile/entries/001' ? undefined : all(path));
    const checked = checkLog(1200, without, { hasher: FAST, onEntry: (_, index) => seen.push(index) });
    expect(checked.tree).toEqual(tree);
    expect(checked.faults).toEqual([expect.objectContaining({ path: 'tile/entries/001', code: 'LOG_INCOMPLETE' })]);
    expect(seen.length).toBe(1200 - 256);
  });

  test('of a log that says to be of 2^53 - 1 entries, nothing is read after the first that is missing', () => {
    const checked = checkLog(Number.MAX_SAFE_INTEGER, all, { hasher: FAST });
    expect(checked.tree).toBe(null);
    expect(checked.faults.map(({ code }) => code)).toContain('LOG_INCOMPLETE');
  });

  test('a full tile stands in for a partial one', () => {
    const { files: later } = logOf([300, 212]);
    for (const path of ['tile/entries/001.p/44', 'tile/0/001.p/44']) expect(later.delete(path)).toBe(true);
    expect(checkLog(300, filesFrom(later.values()), { hasher: FAST }).faults).toEqual([]);
  });
});

describe('A4: proofs come from tiles', () => {
  test('of every entry and every earlier size, with the tiles that are named alone', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 1500 }), fc.nat(1499)).filter(([size, index]) => index < size);
    fc.assert(
      fc.property(sizes, ([size, index]) => {
        const { files: own } = logOf([size]);
        const head = { size, root: rootByDefinition(LEAVES.slice(0, size)) };
        const within = (paths: readonly string[]) =>
          nodesIn(size, (path) => (paths.includes(path) ? own.get(path)?.bytes : undefined), FAST);
        const inclusion = inclusionProof(index, size, within(inclusionPaths(index, size)), FAST);
        expect(isIncluded(LEAVES[index]!, index, head, inclusion, FAST)).toBe(true);
        const consistency = consistencyProof(index, size, within(consistencyPaths(index, size)), FAST);
        const before = { size: index, root: rootByDefinition(LEAVES.slice(0, index)) };
        expect(isConsistent(before, head, consistency, FAST)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('a tile that is missing or damaged gives no proof, or none that convinces', () => {
    const { files, tree } = logOf([700]);
    const all = filesFrom(files.values());
    const head = { size: 700, root: rootOf(tree, FAST) };
    expect(() =>
      inclusionProof(
        5,
        700,
        nodesIn(700, () => undefined, FAST),
        FAST,
      ),
    ).toThrow(refused('LOG_INCOMPLETE'));
    const wrong: Files = (path) => (path === 'tile/0/000' ? all(path)?.map((byte) => byte ^ 1) : all(path));
    const proof = inclusionProof(5, 700, nodesIn(700, wrong, FAST), FAST);
    expect(isIncluded(LEAVES[5]!, 5, head, proof, FAST)).toBe(false);
    expect(() =>
      inclusionProof(
        5,
        700,
        nodesIn(700, () => bytes('short'), FAST),
        FAST,
      ),
    ).toThrow(refused('LOG_MALFORMED'));
  });
});
