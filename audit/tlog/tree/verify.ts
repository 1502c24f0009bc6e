import { HASH_BYTES, HASHER, type Hasher } from './hashing.ts';

/** A tree as a checkpoint names it. */
export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

type Proof = readonly Uint8Array[];

/** No tree is higher. */
export const PROOF_HASHES = 63;

/** Whether a leaf of this hash stands at `index` of the tree. */
export function isIncluded(
  leaf: Uint8Array,
  index: number,
  head: Head,
  proof: Proof,
  hasher: Hasher = HASHER,
): boolean {
  if (!isSize(head.size) || !isSize(index) || index >= head.size || !areHashes([leaf, head.root, ...proof]))
    return false;
  let hash = leaf;
  let node = index;
  // The last node of the row that `node` stands in.
  let last = head.size - 1;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = hasher.node(sibling, hash);
      // A last node without a sibling to its right goes up as it is, until it is a right child.
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)];
    } else hash = hasher.node(hash, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(hash, head.root);
}

/** Whether the later tree begins with all leaves of the earlier one. The empty tree is the beginning of every tree. */
export function isConsistent(earlier: Head, later: Head, proof: Proof, hasher: Hasher = HASHER): boolean {
  const { size } = earlier;
  if (!isSize(size) || !isSize(later.size) || size > later.size) return false;
  if (!areHashes([earlier.root, later.root, ...proof])) return false;
  if (size === 0) return proof.length === 0 && equal(earlier.root, hasher.empty);
  if (size === later.size) return proof.length === 0 && equal(earlier.root, later.root);
  let [node, last] = [size - 1, later.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  // Where the earlier tree is one perfect subtree of the later one, its root is where the proof begins.
  const [first, ...rest] = node === 0 ? [earlier.root, ...proof] : proof;
  if (first === undefined) return false;
  let [before, after] = [first, first];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [before, after] = [hasher.node(sibling, before), hasher.node(sibling, after)];
      while (node % 2 === 0 && node > 0) [node, last] = [half(node), half(last)];
    } else after = hasher.node(after, sibling);
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && equal(before, earlier.root) && equal(after, later.root);
}

const half = (value: number): number => Math.floor(value / 2);

const isSize = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

const areHashes = (hashes: readonly Uint8Array[]): boolean =>
  hashes.length <= PROOF_HASHES + 2 && hashes.every(({ length }) => length === HASH_BYTES);

/** Whether two byte strings are the same. Not in constant time: for what is public. */
export function equal(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
