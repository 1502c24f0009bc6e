import { bundleOf, entriesIn } from '../../../audit/tlog/tiles/bundle.ts';
import { parseTilePath } from '../../../audit/tlog/tiles/paths.ts';
import { MANIFEST } from '../../../audit/seal/paths.ts';

/** Files of a bundle by path. */
export type Files = Map<string, Uint8Array>;

/** What is done to a bundle; false where it would leave it as it is. `others`: the bundles of other sessions. */
export type Mutation = (files: Files, at: number, other: number, others: readonly Files[]) => boolean;

const pathAt = (files: Files, at: number): string => [...files.keys()][at % files.size] ?? '';

/** What somebody does to bytes and to files who has no key. */
const OF_FILES: { readonly [name: string]: Mutation } = {
  'a bit is turned'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = Uint8Array.from(files.get(path) ?? []);
    if (bytes.length === 0) return false;
    bytes[other % bytes.length]! ^= 1 << (at % 8);
    files.set(path, bytes);
    return true;
  },
  'a byte is left out'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = files.get(path) ?? new Uint8Array();
    const cut = other % (bytes.length + 1);
    if (cut === bytes.length) return false;
    files.set(path, Uint8Array.from([...bytes.subarray(0, cut), ...bytes.subarray(cut + 1)]));
    return true;
  },
  'a file is cut short'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = files.get(path) ?? new Uint8Array();
    if (bytes.length === 0) return false;
    files.set(path, bytes.slice(0, other % bytes.length));
    return true;
  },
  'something is added to a file'(files, at) {
    const path = pathAt(files, at);
    files.set(path, Uint8Array.from([...(files.get(path) ?? []), at % 256]));
    return true;
  },
  'a file is taken away': (files, at) => files.delete(pathAt(files, at)),
  'a file is put under another name'(files, at, other) {
    const path = pathAt(files, at);
    const bytes = files.get(path) ?? new Uint8Array();
    files.delete(path);
    files.set(`${path}.${other % 1000}`, bytes);
    return true;
  },
  'two files change places'(files, at, other) {
    const [one, two] = [pathAt(files, at), pathAt(files, other)];
    const [first, second] = [files.get(one)!, files.get(two)!];
    if (Buffer.compare(first, second) === 0) return false;
    files.set(one, second).set(two, first);
    return true;
  },
  'a file of another session takes the place of one'(files, at, other, others) {
    const path = pathAt(files, at);
    const bytes = others[other % others.length]?.get(path);
    if (!bytes || Buffer.compare(bytes, files.get(path)!) === 0) return false;
    files.set(path, bytes);
    return true;
  },
  'a file is added'(files, at, other) {
    const [beside, bytes] = [pathAt(files, at), files.get(pathAt(files, other))!];
    const path = `${beside.slice(0, beside.lastIndexOf('/') + 1)}${other}`;
    if (files.has(path)) return false;
    files.set(path, bytes);
    return true;
  },
};

/** What is done to a list of things of `at` and `other`; false where it would leave the list as it is. */
type Shuffle<T> = (list: T[], at: number, other: number) => boolean;

const takeOut = <T>(list: T[], at: number): boolean => list.splice(at % list.length, 1).length > 0;

const doubled = <T>(list: T[], at: number, other: number): boolean => {
  list.splice(other % (list.length + 1), 0, list[at % list.length]!);
  return true;
};

const swapped = <T>(list: T[], at: number, other: number): boolean => {
  const [one, two] = [at % list.length, other % list.length];
  [list[one], list[two]] = [list[two]!, list[one]!];
  return one !== two;
};

/** Of the records as a tile of the log has them. */
const records =
  (change: Shuffle<Uint8Array>): Mutation =>
  (files, at, other) => {
    const tiles = [...files.keys()].filter((path) => path.startsWith('tile/entries/'));
    const path = tiles[at % tiles.length]!;
    const entries = entriesIn(files.get(path)!, parseTilePath(path).width);
    if (!change(entries, at, other)) return false;
    files.set(path, bundleOf(entries));
    return true;
  };

/** Of the lines of the list of files, its signature left as it is. */
const lines =
  (change: Shuffle<string>): Mutation =>
  (files, at, other) => {
    const [head = '', ...rest] = Buffer.from(files.get(MANIFEST)!).toString('latin1').split('\n');
    const signatures = rest.splice(rest.indexOf(''));
    if (!change(rest, at, other)) return false;
    files.set(MANIFEST, Uint8Array.from(Buffer.from([head, ...rest, ...signatures].join('\n'), 'latin1')));
    return true;
  };

/** What somebody does who has no key: to bytes, to files, to records, and to their order. */
export const MUTATIONS: { readonly [name: string]: Mutation } = {
  ...OF_FILES,
  'a record is taken out': records(takeOut),
  'a record stands twice': records(doubled),
  'two records change places': records(swapped),
  'a record of another session takes the place of one'(files, at, other, others) {
    const from = others[other % others.length]!;
    const path = [...from.keys()].find((each) => each.startsWith('tile/entries/'))!;
    const theirs = entriesIn(from.get(path)!, parseTilePath(path).width);
    const record = theirs[other % theirs.length]!;
    return records((list) => Buffer.compare(list.splice(at % list.length, 1, record)[0]!, record) !== 0)(
      files,
      at,
      0,
      [],
    );
  },
  'a line of the list is taken out': lines(takeOut),
  'a line of the list stands twice': lines(doubled),
  'two lines of the list change places': lines(swapped),
};
