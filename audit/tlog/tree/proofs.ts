import { HASHER, type Hasher } from './hashing.ts';

/** The root of the perfect subtree of 2^level leaves that stands at `index` among those of its level. */
export type NodeAt = (level: number, index: number) => Uint8Array;

/** The leaves `from` (inclusive) to `to` (exclusive). */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** The largest power of two that is smaller than a number above 1, as its exponent. */
function splitLevel(width: number): number {
  let level = 0;
  while (2 ** (level + 1) < width) level += 1;
  return level;
}

/** Hash of a range that RFC 6962 makes a subtree: it begins at a multiple of the power of two that covers it. */
export function hashOf({ from, to }: Range, at: NodeAt, hasher: Hasher = HASHER): Uint8Array {
  const width = to - from;
  if (width <= 0) return hasher.empty;
  if (width === 1) return at(0, from);
  const level = splitLevel(width);
  const half = 2 ** level;
  if (width === 2 * half) return at(level + 1, from / width);
  return hasher.node(at(level, from / half), hashOf({ from: from + half, to }, at, hasher));
}

/** Inclusion proof of a leaf, RFC 6962 section 2.1.1: from the sibling of the leaf up. `index` is below `size`. */
export function inclusionProof(index: number, size: number, at: NodeAt, hasher: Hasher = HASHER): Uint8Array[] {
  const proof: Uint8Array[] = [];
  let range: Range = { from: 0, to: size };
  while (range.to - range.from > 1) {
    const middle = range.from + 2 ** splitLevel(range.to - range.from);
    const [left, right] = halves(range, middle);
    proof.push(hashOf(index < middle ? right : left, at, hasher));
    range = index < middle ? left : right;
  }
  return proof.reverse();
}

/** Consistency proof of a tree with an earlier one, RFC 6962 section 2.1.2; empty where it has nothing to prove. */
export function consistencyProof(earlier: number, size: number, at: NodeAt, hasher: Hasher = HASHER): Uint8Array[] {
  if (earlier === 0 || earlier === size) return [];
  const proof: Uint8Array[] = [];
  let range: Range = { from: 0, to: size };
  while (range.to !== earlier) {
    const middle = range.from + 2 ** splitLevel(range.to - range.from);
    const [left, right] = halves(range, middle);
    proof.push(hashOf(earlier <= middle ? right : left, at, hasher));
    range = earlier <= middle ? left : right;
  }
  // A verifier has the root of the earlier tree itself.
  if (range.from > 0) proof.push(hashOf(range, at, hasher));
  return proof.reverse();
}

const halves = ({ from, to }: Range, middle: number): readonly [Range, Range] => [
  { from, to: middle },
  { from: middle, to },
];
