import { HASHER, type Hasher, hasherOver } from '../../../audit/tlog/tree/hashing.ts';
import { nativeSha256 } from '../../../audit/nativeSha256.ts';
import { append } from '../../../audit/tlog/tiles/append.ts';
import { filesFrom, type LogFile } from '../../../audit/tlog/tiles/files.ts';
import { EMPTY_TREE, type Frontier } from '../../../audit/tlog/tree/frontier.ts';
import type { NodeAt } from '../../../audit/tlog/tree/proofs.ts';

/** Node's SHA-256, as tests hash a lot. */
export const FAST: Hasher = hasherOver(nativeSha256);

export const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Entries of different lengths, none like another. */
export const entriesUpTo = (count: number, from = 0): Uint8Array[] =>
  Array.from({ length: count }, (_, index) => bytes(`entry ${from + index} ${'.'.repeat((from + index) % 7)}`));

/** The Merkle tree hash as RFC 6962 defines it, by its own words: the standard that everything else is held against. */
export function rootByDefinition(leaves: readonly Uint8Array[], hasher: Hasher = FAST): Uint8Array {
  if (leaves.length === 0) return HASHER.empty;
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return hasher.node(rootByDefinition(leaves.slice(0, split), hasher), rootByDefinition(leaves.slice(split), hasher));
}

/** The nodes of a tree, each from its leaves. */
export const nodesByDefinition =
  (leaves: readonly Uint8Array[]): NodeAt =>
  (level, index) =>
    rootByDefinition(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level));

/** A log in memory, to which entries were appended in batches of these sizes. */
export function logOf(batches: readonly number[]): { readonly tree: Frontier; readonly files: Map<string, LogFile> } {
  const files = new Map<string, LogFile>();
  let tree: Frontier = EMPTY_TREE;
  for (const batch of batches) {
    const appended = append(tree, filesFrom(files.values()), entriesUpTo(batch, tree.size), FAST);
    for (const file of appended.files) {
      if (files.has(file.path)) throw new Error(`${file.path} was written before`);
      files.set(file.path, file);
    }
    ({ tree } = appended);
  }
  return { tree, files };
}
