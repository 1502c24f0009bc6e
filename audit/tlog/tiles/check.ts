import { CustodyError, type Refusal } from '../../../protocol/errors.ts';
import { EMPTY_TREE, type Frontier, grow, type Visit } from '../tree/frontier.ts';
import { HASHER, type Hasher } from '../tree/hashing.ts';
import { equal } from '../tree/verify.ts';
import { entriesOf, type Files, hashesOf } from './files.ts';
import { type Tile, TILE_HEIGHT, TILE_WIDTH, tilePath, widthIn } from './paths.ts';

/** What is wrong with a file of a log. */
export interface Fault extends Refusal {
  readonly path: string;
}

/** A log that was read from its first entry on. */
export interface Checked {
  /** Made of its entries alone; its root is for the caller to compare. Null: entries and their hashes are missing. */
  readonly tree: Frontier | null;
  /** Each file at most once, in the order in which they came up. */
  readonly faults: readonly Fault[];
}

export interface CheckOptions {
  readonly hasher?: Hasher;
  /** Gets each entry that can be read, as a view of the bytes of its bundle. */
  onEntry?(entry: Uint8Array, index: number): void;
}

/**
 * Reads all entries of a log, builds its tree again, and holds each hash tile against that. An entry bundle that cannot
 * be read is a fault; its hashes are taken from the tile above it then, so that what follows is still read.
 *
 * @param size how many entries the log has, by its checkpoint
 */
export function checkLog(size: number, files: Files, { hasher = HASHER, onEntry }: CheckOptions = {}): Checked {
  const faults = new Map<string, Fault>();
  const fault = (tile: Tile, code: Fault['code'], message: string): void => {
    const path = tilePath(tile);
    if (!faults.has(path)) faults.set(path, { path, code, message });
  };
  /** What a tile holds; undefined, and a fault, where it cannot be read. */
  const read = (of: typeof hashesOf, level: Tile['level'], index: number): Uint8Array[] | undefined => {
    const tile = { level, index, width: widthIn(size, level, index) };
    try {
      return of(tile, files);
    } catch (error) {
      if (!(error instanceof CustodyError)) throw error;
      fault(tile, error.code, error.message);
      return undefined;
    }
  };
  /** The hashes of the tile, by level, that the tree has come to. */
  const tiles: (Uint8Array[] | undefined)[] = [];
  const visit: Visit = (nodeLevel, nodeIndex, hash) => {
    if (nodeLevel % TILE_HEIGHT !== 0) return;
    const level = nodeLevel / TILE_HEIGHT;
    const index = Math.floor(nodeIndex / TILE_WIDTH);
    const position = nodeIndex % TILE_WIDTH;
    if (position === 0) tiles[level] = read(hashesOf, level, index);
    const there = tiles[level]?.[position];
    if (there === undefined || equal(there, hash)) return;
    const tile = { level, index, width: widthIn(size, level, index) };
    fault(tile, 'LOG_CONTRADICTS', `${tilePath(tile)}: hash ${position} is not that of what stands below it.`);
  };
  let tree = EMPTY_TREE;
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const entries = read(entriesOf, 'entries', index);
    const leaves = entries?.map((entry) => hasher.leaf(entry)) ?? read(hashesOf, 0, index);
    if (leaves === undefined) return { tree: null, faults: [...faults.values()] };
    tree = grow(tree, leaves, { hasher, visit });
    entries?.forEach((entry, position) => onEntry?.(entry, index * TILE_WIDTH + position));
  }
  return { tree, faults: [...faults.values()] };
}
