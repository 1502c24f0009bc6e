import { CustodyError } from '../../../protocol/errors.ts';
import { entriesIn } from './bundle.ts';
import { hashesIn } from './hashTile.ts';
import { type Tile, TILE_WIDTH, tilePath } from './paths.ts';

/** The files of a log by path; undefined: there is none. */
export type Files = (path: string) => Uint8Array | undefined;

/** One file of a log. */
export interface LogFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files that are at hand, to be read from. */
export function filesFrom(files: Iterable<LogFile>): Files {
  const byPath = new Map(Array.from(files, ({ path, bytes }) => [path, bytes] as const));
  return (path) => byPath.get(path);
}

/** The hashes of a hash tile. @throws CustodyError LOG_INCOMPLETE, LOG_MALFORMED */
export const hashesOf = (tile: Tile, files: Files): Uint8Array[] => partsOf(tile, files, hashesIn);

/** The entries of an entry bundle. @throws CustodyError LOG_INCOMPLETE, LOG_MALFORMED */
export const entriesOf = (tile: Tile, files: Files): Uint8Array[] => partsOf(tile, files, entriesIn);

type Read = (bytes: Uint8Array, width: number) => Uint8Array[];

/** A partial tile may be gone once the full one is there, which begins as it did. */
function partsOf(tile: Tile, files: Files, read: Read): Uint8Array[] {
  const path = tilePath(tile);
  const bytes = files(path);
  if (bytes !== undefined) return named(path, () => read(bytes, tile.width));
  const wide = { ...tile, width: TILE_WIDTH };
  const full = files(tilePath(wide));
  if (full === undefined) throw new CustodyError('LOG_INCOMPLETE', `The log has no file ${path}.`);
  return named(tilePath(wide), () => read(full, TILE_WIDTH)).slice(0, tile.width);
}

function named<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CustodyError)
      throw new CustodyError(error.code, `${path}: ${error.message}`, { cause: error });
    throw error;
  }
}
