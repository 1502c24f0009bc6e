import { CustodyError } from '../../../protocol/errors.ts';

/** Hashes in a full hash tile, and entries in a full entry bundle. */
export const TILE_WIDTH = 256;

/** Levels of a tree that one level of tiles stands for. */
export const TILE_HEIGHT = 8;

/** The highest level that a path can name. */
const MAX_LEVEL = 63;
const DIGITS = 3;
const NUMBER = /^(?:x\d{3}\/)*\d{3}$/;
const PATH = /^tile\/(entries|0|[1-9]\d?)\/([x\d/]+?)(?:\.p\/([1-9]\d{0,2}))?$/;
const LONGEST_PATH = 64;

/** A hash tile or an entry bundle of a log, in the folder of that log (c2sp.org/tlog-tiles). */
export interface Tile {
  /** `entries`: the entries that level 0 has the hashes of. */
  readonly level: number | 'entries';
  /** Among those of its level, from 0. */
  readonly index: number;
  /** What it holds, from 1 to 256: fewer than 256 at the right edge of a tree only. */
  readonly width: number;
}

/** The path of a tile, such as `tile/0/x001/x234/067.p/8`. */
export function tilePath({ level, index, width }: Tile): string {
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${pathOfIndex(index)}${partial}`;
}

function pathOfIndex(index: number): string {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / DIGITS) * DIGITS, '0').match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
}

/** The tile that a path names. @throws CustodyError LOG_MALFORMED for any that `tilePath` would not write */
export function parseTilePath(path: string): Tile {
  const [, name = '', number = '', partial] = path.length <= LONGEST_PATH ? (PATH.exec(path) ?? []) : [];
  const tile: Tile = {
    level: name === 'entries' ? name : Number(name),
    index: NUMBER.test(number) ? Number(number.replaceAll(/[x/]/g, '')) : Number.NaN,
    width: partial === undefined ? TILE_WIDTH : Number(partial),
  };
  const { level, index, width } = tile;
  const inRange = Number.isSafeInteger(index) && width <= TILE_WIDTH && (level === 'entries' || level <= MAX_LEVEL);
  if (name === '' || !inRange || tilePath(tile) !== path)
    throw new CustodyError('LOG_MALFORMED', `This is not the path of a tile: ${JSON.stringify(path.slice(0, 100))}.`);
  return tile;
}

/** Nodes of a level of tiles in a tree: each is the root of 256^level leaves. */
export const nodesOf = (level: number, size: number): number => Math.floor(size / TILE_WIDTH ** level);

/** How wide a tile is in a tree of this size; 0: the tree has none. */
export function widthIn(size: number, level: Tile['level'], index: number): number {
  const nodes = nodesOf(level === 'entries' ? 0 : level, size);
  return Math.max(0, Math.min(TILE_WIDTH, nodes - index * TILE_WIDTH));
}

/** The levels of hash tiles in a tree. */
export function levelsOf(size: number): number {
  let levels = 0;
  while (nodesOf(levels, size) > 0) levels += 1;
  return levels;
}

/**
 * The tiles that a tree of `size` has and one of `earlier` had not, or had narrower: entry bundles first, then hash
 * tiles, each level from the left.
 */
export function* tilesBetween(earlier: number, size: number): Generator<Tile> {
  const levels = Array.from({ length: levelsOf(size) }, (_, level) => level);
  for (const level of ['entries', ...levels] as const) {
    const [before, now] = [earlier, size].map((each) => nodesOf(level === 'entries' ? 0 : level, each)) as [
      number,
      number,
    ];
    if (before === now) continue;
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < now; index += 1)
      yield { level, index, width: widthIn(size, level, index) };
  }
}

/** All tiles of a tree. */
export const tilesOf = (size: number): Generator<Tile> => tilesBetween(0, size);

/** The partial tiles at the right edge of a tree: what has to be read before something is appended. */
export const edgeOf = (size: number): readonly Tile[] =>
  (['entries', ...Array.from({ length: levelsOf(size) }, (_, level) => level)] as const).flatMap((level) => {
    const index = Math.floor(nodesOf(level === 'entries' ? 0 : level, size) / TILE_WIDTH);
    const width = widthIn(size, level, index);
    return width === 0 ? [] : [{ level, index, width }];
  });
