import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EMPTY_TREE, type Frontier, grow, parseFrontier, rootOf } from '../../../audit/tlog/tree/frontier.ts';
import { HASHER } from '../../../audit/tlog/tree/hashing.ts';
import { consistencyProof, inclusionProof } from '../../../audit/tlog/tree/proofs.ts';
import { type Head, isConsistent, isIncluded } from '../../../audit/tlog/tree/verify.ts';
import { bytes, entriesUpTo, FAST, nodesByDefinition, rootByDefinition } from './place.ts';

const MOST = 48;
const LEAVES = entriesUpTo(1000).map((entry) => FAST.leaf(entry));
const headOf = (size: number): Head => ({ size, root: rootByDefinition(LEAVES.slice(0, size)) });
const HEADS = Array.from({ length: MOST + 1 }, (_, size) => headOf(size));
const hex = (hash: Uint8Array): string => Buffer.from(hash).toString('hex');
const at = nodesByDefinition(LEAVES);

/** A byte string with one bit changed. */
const flipped = (hash: Uint8Array, bit: number): Uint8Array =>
  hash.map((byte, index) => (index === Math.floor(bit / 8) % 32 ? byte ^ (1 << (bit % 8)) : byte));

describe('A4: the tree is that of RFC 6962', () => {
  test('the known answers of its first trees', () => {
    // As Certificate Transparency's reference implementation has them.
    const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
    const roots = [
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
      '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
    ];
    const leaves = inputs.map((each) => HASHER.leaf(Buffer.from(each, 'hex')));
    expect(roots.map((_, size) => hex(rootOf(grow(EMPTY_TREE, leaves.slice(0, size)))))).toEqual(roots);
  });

  test('the root at every size, in batches of any sizes, is that of the definition', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 20 }), (batches) => {
        let tree: Frontier = EMPTY_TREE;
        for (const batch of batches) {
          tree = grow(tree, LEAVES.slice(tree.size, tree.size + batch), { hasher: FAST });
          // What is kept goes through JSON, and is read again as something that may be hostile.
          tree = parseFrontier(JSON.parse(JSON.stringify(tree)));
          expect(hex(rootOf(tree, FAST))).toBe(hex(headOf(tree.size).root));
        }
      }),
    );
  });

  test('the implementations of SHA-256 make the same hashes, for entries of every length', () => {
    for (const length of [0, 1, 63, 64, 65, 600, 65_534, 65_535, 65_536, 100_000]) {
      const entry = new Uint8Array(length).fill(length % 251);
      expect(hex(FAST.leaf(entry))).toBe(hex(HASHER.leaf(entry)));
    }
    expect(hex(FAST.node(LEAVES[0]!, LEAVES[1]!))).toBe(hex(HASHER.node(LEAVES[0]!, LEAVES[1]!)));
  });

  test.each([
    [null],
    [[]],
    [{}],
    [{ size: -1, hashes: [] }],
    [{ size: 2 ** 53, hashes: ['0'.repeat(64)] }],
    [{ size: 1, hashes: [] }],
    [{ size: 1, hashes: ['0'.repeat(63)] }],
    [{ size: 1, hashes: ['A'.repeat(64)] }],
    [{ size: 2, hashes: ['0'.repeat(64), '0'.repeat(64)] }],
    [{ size: '1', hashes: ['0'.repeat(64)] }],
  ])('a state that is no tree is refused: %j', (value) => {
    expect(() => parseFrontier(value)).toThrow(expect.objectContaining({ code: 'LOG_MALFORMED' }));
  });
});

describe('A4: a proof convinces of what is so', () => {
  test('each leaf of each tree is included in it, and in no other place, tree or size', () => {
    for (let size = 1; size <= MOST; size += 1)
      for (let index = 0; index < size; index += 1) {
        const head = HEADS[size] as Head;
        const leaf = LEAVES[index] as Uint8Array;
        const proof = inclusionProof(index, size, at, FAST);
        expect(isIncluded(leaf, index, head, proof, FAST)).toBe(true);
        expect(isIncluded(LEAVES[index + 1] as Uint8Array, index, head, proof, FAST)).toBe(false);
        for (let other = 0; other <= size; other += 1)
          if (other !== index) expect(isIncluded(leaf, other, head, proof, FAST)).toBe(false);
        expect(isIncluded(leaf, index, HEADS[size - 1] as Head, proof, FAST)).toBe(false);
        expect(isIncluded(leaf, index, { ...head, root: flipped(head.root, index) }, proof, FAST)).toBe(false);
      }
  });

  test('each tree is consistent with each earlier one, and with no other', () => {
    for (let size = 0; size <= MOST; size += 1)
      for (let earlier = 0; earlier <= size; earlier += 1) {
        const [before, after] = [HEADS[earlier] as Head, HEADS[size] as Head];
        const proof = consistencyProof(earlier, size, at, FAST);
        expect(isConsistent(before, after, proof, FAST)).toBe(true);
        if (earlier < size) expect(isConsistent(after, before, proof, FAST)).toBe(false);
        for (const [one, other] of [
          [{ ...before, root: flipped(before.root, size) }, after],
          [before, { ...after, root: flipped(after.root, size) }],
        ] as const)
          // Of the empty tree only the root of the empty tree is known: it is the beginning of all others.
          if (earlier > 0 || one !== before) expect(isConsistent(one, other, proof, FAST)).toBe(false);
      }
  });

  test('any change of a proof makes it one of nothing', () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant('bit'), at: fc.nat(62), bit: fc.nat(255) }),
      fc.record({ kind: fc.constantFrom('drop', 'double', 'swap', 'shorten'), at: fc.nat(62), bit: fc.constant(0) }),
    );
    const changed = (
      proof: readonly Uint8Array[],
      { kind, at: where, bit }: { kind: string; at: number; bit: number },
    ) => {
      const position = where % Math.max(1, proof.length);
      const hash = proof[position] ?? new Uint8Array(32);
      const replaced = (...by: Uint8Array[]) => [...proof.slice(0, position), ...by, ...proof.slice(position + 1)];
      if (kind === 'bit') return replaced(flipped(hash, bit));
      if (kind === 'double') return replaced(hash, hash);
      if (kind === 'shorten') return replaced(hash.subarray(1));
      if (kind === 'swap' && position > 0)
        return [...proof.slice(0, position - 1), hash, proof[position - 1] as Uint8Array, ...proof.slice(position + 1)];
      return replaced();
    };
    const sizes = fc.tuple(fc.integer({ min: 2, max: 900 }), fc.nat(899)).filter(([size, index]) => index < size);
    fc.assert(
      fc.property(sizes, change, ([size, index], how) => {
        const [head, before] = [headOf(size), headOf(index)];
        const inclusion = inclusionProof(index, size, at, FAST);
        expect(isIncluded(LEAVES[index]!, index, head, inclusion, FAST)).toBe(true);
        expect(isIncluded(LEAVES[index]!, index, head, changed(inclusion, how), FAST)).toBe(false);
        const consistency = consistencyProof(index, size, at, FAST);
        expect(isConsistent(before, head, consistency, FAST)).toBe(true);
        if (consistency.length > 0) expect(isConsistent(before, head, changed(consistency, how), FAST)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('nonsense is refused, and ends', () => {
    const [leaf, root] = [LEAVES[0]!, HEADS[1]!.root];
    const head = HEADS[1] as Head;
    for (const index of [-1, 0.5, Number.NaN, Infinity, 2 ** 53])
      expect(isIncluded(leaf, index, { size: 2 ** 53 - 1, root }, [], FAST)).toBe(false);
    for (const size of [-1, 0, 0.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(isIncluded(leaf, 0, { size, root }, [], FAST)).toBe(false);
      expect(isConsistent(head, { size, root }, [leaf], FAST)).toBe(false);
      expect(isConsistent({ size, root }, { size: 2 ** 53 - 1, root }, [leaf], FAST)).toBe(false);
    }
    const endless = Array.from({ length: 1000 }, () => leaf);
    expect(isIncluded(leaf, 0, { size: 2 ** 53 - 1, root }, endless, FAST)).toBe(false);
    expect(isIncluded(bytes('short'), 0, head, [], FAST)).toBe(false);
    expect(isConsistent(head, { size: 2 ** 53 - 1, root }, endless, FAST)).toBe(false);
  });
});
