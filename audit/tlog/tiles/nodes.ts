import { HASH_BYTES, HASHER, type Hasher } from '../tree/hashing.ts';
import { consistencyProof, inclusionProof, type NodeAt } from '../tree/proofs.ts';
import { type Files, hashesOf } from './files.ts';
import { type Tile, TILE_HEIGHT, TILE_WIDTH, tilePath, widthIn } from './paths.ts';

/** Where in the hash tiles of a tree a node stands, or the nodes that it is the root of. */
interface Place {
  readonly tile: Tile;
  readonly from: number;
  readonly count: number;
}

function placeOf(level: number, index: number, size: number): Place {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const tileIndex = Math.floor((index * count) / TILE_WIDTH);
  const tile = { level: tileLevel, index: tileIndex, width: widthIn(size, tileLevel, tileIndex) };
  return { tile, from: index * count - tileIndex * TILE_WIDTH, count };
}

/** The nodes of a tree, out of its hash tiles. What it answers throws LOG_INCOMPLETE and LOG_MALFORMED. */
export const nodesIn =
  (size: number, files: Files, hasher: Hasher = HASHER): NodeAt =>
  (level, index) => {
    const { tile, from, count } = placeOf(level, index, size);
    let row = hashesOf(tile, files).slice(from, from + count);
    while (row.length > 1)
      row = Array.from({ length: row.length / 2 }, (_, at) =>
        hasher.node(row[2 * at] as Uint8Array, row[2 * at + 1] as Uint8Array),
      );
    return row[0] as Uint8Array;
  };

/** Paths of the tiles that an inclusion proof is made of. */
export const inclusionPaths = (index: number, size: number): readonly string[] =>
  pathsOf(size, (at, hasher) => inclusionProof(index, size, at, hasher));

/** Paths of the tiles that a consistency proof is made of. */
export const consistencyPaths = (earlier: number, size: number): readonly string[] =>
  pathsOf(size, (at, hasher) => consistencyProof(earlier, size, at, hasher));

const NOTHING = new Uint8Array(HASH_BYTES);
const NO_HASHES: Hasher = { leaf: () => NOTHING, node: () => NOTHING, empty: NOTHING };

/** Makes a proof of nothing, and writes down what it asks for. */
function pathsOf(size: number, make: (at: NodeAt, hasher: Hasher) => unknown): readonly string[] {
  const paths = new Set<string>();
  make((level, index) => {
    paths.add(tilePath(placeOf(level, index, size).tile));
    return NOTHING;
  }, NO_HASHES);
  return [...paths];
}
