import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { CustodyError } from '../../../protocol/errors.ts';
import { HASHER, type Hasher } from './hashing.ts';

/**
 * A Merkle tree by what is needed to append to it: the roots of its perfect subtrees, the largest first, one for each
 * bit that is set in its size. JSON.
 */
export interface Frontier {
  /** Leaves in the tree; at most 2^53 - 1. */
  readonly size: number;
  /** In hex, lower case. */
  readonly hashes: readonly string[];
}

export const EMPTY_TREE: Frontier = { size: 0, hashes: [] };

/** Told of each perfect subtree that becomes complete: of 2^level leaves, `index` in the row of those of its level. */
export type Visit = (level: number, index: number, hash: Uint8Array) => void;

/** The tree after more leaves, by their hashes. `visit` is told of nodes in the order in which they become complete. */
export function grow(
  tree: Frontier,
  leaves: Iterable<Uint8Array>,
  { hasher = HASHER, visit }: { readonly hasher?: Hasher; readonly visit?: Visit } = {},
): Frontier {
  const stack: Uint8Array[] = tree.hashes.map((each) => hexToBytes(each));
  let { size } = tree;
  for (const leaf of leaves) {
    let hash = leaf;
    visit?.(0, size, hash);
    let level = 0;
    // Each set bit at the low end of the size is a subtree on the stack that is completed now.
    let index = size;
    for (; index % 2 === 1; index = (index - 1) / 2) {
      hash = hasher.node(stack.pop() as Uint8Array, hash);
      level += 1;
      visit?.(level, (index - 1) / 2, hash);
    }
    stack.push(hash);
    size += 1;
  }
  return { size, hashes: stack.map((each) => bytesToHex(each)) };
}

/** Root hash of the tree. */
export function rootOf({ hashes }: Frontier, hasher: Hasher = HASHER): Uint8Array {
  const [last, ...larger]: readonly Uint8Array[] = hashes.map((each) => hexToBytes(each)).reverse();
  return last === undefined ? hasher.empty : larger.reduce((right, left) => hasher.node(left, right), last);
}

/** The number of perfect subtrees of a tree, of levels from `low` on. */
export function subtreesOf(size: number, low = 0): number {
  let count = 0;
  for (let rest = Math.floor(size / 2 ** low); rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/** A frontier that was kept somewhere. @throws CustodyError LOG_MALFORMED for what is none */
export function parseFrontier(value: unknown): Frontier {
  const { size, hashes } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Frontier>;
  const isTree =
    typeof size === 'number' &&
    Number.isSafeInteger(size) &&
    size >= 0 &&
    Array.isArray(hashes) &&
    hashes.length === subtreesOf(size) &&
    hashes.every((each) => typeof each === 'string' && /^[0-9a-f]{64}$/.test(each));
  if (!isTree)
    throw new CustodyError(
      'LOG_MALFORMED',
      'The state of a tree is a size and one SHA-256 in hex for each bit that is set in it; this is something else.',
    );
  return { size, hashes: [...hashes] };
}
