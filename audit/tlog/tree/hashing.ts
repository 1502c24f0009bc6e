import { sha256 as noble } from '@noble/hashes/sha2.js';

/** SHA-256. What it is given may be overwritten as soon as it has answered. */
export type Sha256 = (data: Uint8Array) => Uint8Array;

/** Length of a hash, in bytes. */
export const HASH_BYTES = 32;

/** How the hashes of a tree are made (RFC 6962, section 2.1), so that no leaf can pass for a node. */
export interface Hasher {
  leaf(entry: Uint8Array): Uint8Array;
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** Root of the tree without leaves. */
  readonly empty: Uint8Array;
}

const LEAF = 0;
const NODE = 1;
const SCRATCH_BYTES = 65_536;

/**
 * The hasher over an implementation of SHA-256; without one, that of @noble/hashes, which runs everywhere. Node's own
 * is about five times as fast (audit/nativeSha256.ts).
 */
export function hasherOver(sha256: Sha256 = noble): Hasher {
  const scratch = new Uint8Array(SCRATCH_BYTES);
  const pair = new Uint8Array(1 + 2 * HASH_BYTES);
  return {
    leaf(entry) {
      const length = entry.length + 1;
      const data = length <= SCRATCH_BYTES ? scratch.subarray(0, length) : new Uint8Array(length);
      data[0] = LEAF;
      data.set(entry, 1);
      return sha256(data);
    },
    node(left, right) {
      pair[0] = NODE;
      pair.set(left, 1);
      pair.set(right, 1 + HASH_BYTES);
      return sha256(pair);
    },
    empty: sha256(new Uint8Array(0)),
  };
}

/** The hasher that runs everywhere. */
export const HASHER: Hasher = hasherOver();
