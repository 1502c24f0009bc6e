import { CustodyError } from '../../../protocol/errors.ts';
import { EMPTY_TREE, type Frontier, grow, subtreesOf } from '../tree/frontier.ts';
import { HASHER, type Hasher } from '../tree/hashing.ts';
import { equal } from '../tree/verify.ts';
import { bundleOf } from './bundle.ts';
import { entriesOf, type Files, hashesOf, type LogFile } from './files.ts';
import { hashTileOf } from './hashTile.ts';
import { edgeOf, nodesOf, type Tile, TILE_HEIGHT, TILE_WIDTH, tilePath, tilesBetween } from './paths.ts';

/** What a log is after something was appended. */
export interface Appended {
  readonly tree: Frontier;
  /** To be written, before a checkpoint of the tree is: entry bundles first. None of a name that was written before. */
  readonly files: readonly LogFile[];
}

/** The entries or the hashes that stand in the tiles of one level, from the first tile that is not full on. */
type Rows = Map<Tile['level'], Uint8Array[]>;

/**
 * Appends entries to a log. Of what the log has, only the partial tiles at its right edge are read (`edgeOf`), and
 * held against the frontier, so that nobody who can write to them alone makes the log go on from something else.
 *
 * @param files what the log has; called with paths of its right edge only
 * @throws CustodyError ENTRY_TOO_LARGE; LOG_INCOMPLETE, LOG_MALFORMED, LOG_CONTRADICTS of its right edge
 */
export function append(
  tree: Frontier,
  files: Files,
  entries: readonly Uint8Array[],
  hasher: Hasher = HASHER,
): Appended {
  const rows = edgeRows(tree, files, hasher);
  const rowOf = (level: Tile['level']): Uint8Array[] => rows.get(level) ?? newRow(rows, level);
  const bundled = rowOf('entries');
  for (const entry of entries) bundled.push(entry);
  const leaves = entries.map((entry) => hasher.leaf(entry));
  const visit = (level: number, _index: number, hash: Uint8Array): void => {
    if (level % TILE_HEIGHT === 0) rowOf(level / TILE_HEIGHT).push(hash);
  };
  const grown = grow(tree, leaves, { hasher, visit });
  const written = Array.from(tilesBetween(tree.size, grown.size), (tile) => {
    const first = (tile.index - firstTile(tile.level, tree.size)) * TILE_WIDTH;
    const parts = rowOf(tile.level).slice(first, first + tile.width);
    return { path: tilePath(tile), bytes: tile.level === 'entries' ? bundleOf(parts) : hashTileOf(parts) };
  });
  return { tree: grown, files: written };
}

function newRow(rows: Rows, level: Tile['level']): Uint8Array[] {
  const row: Uint8Array[] = [];
  rows.set(level, row);
  return row;
}

const firstTile = (level: Tile['level'], size: number): number =>
  Math.floor(nodesOf(level === 'entries' ? 0 : level, size) / TILE_WIDTH);

/** The partial tiles of a tree, each of which says what the frontier says. */
function edgeRows({ size, hashes }: Frontier, files: Files, hasher: Hasher): Rows {
  const rows: Rows = new Map();
  const contradicts = (tile: Tile): CustodyError =>
    new CustodyError('LOG_CONTRADICTS', `${tilePath(tile)} is not what the log of ${size} entries had there.`);
  for (const tile of edgeOf(size)) {
    const { level } = tile;
    if (level === 'entries') continue;
    const row = hashesOf(tile, files);
    const expected = hashes.slice(subtreesOf(size, (level + 1) * TILE_HEIGHT), subtreesOf(size, level * TILE_HEIGHT));
    const found = grow(EMPTY_TREE, row, { hasher }).hashes;
    if (found.some((each, index) => each !== expected[index])) throw contradicts(tile);
    rows.set(level, row);
  }
  for (const tile of edgeOf(size)) {
    if (tile.level !== 'entries') continue;
    const row = entriesOf(tile, files);
    if (!row.every((entry, index) => equal(hasher.leaf(entry), rows.get(0)?.[index] ?? hasher.empty)))
      throw contradicts(tile);
    rows.set('entries', row);
  }
  return rows;
}
