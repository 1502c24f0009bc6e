/** Files of a bundle by path. */
export type Files = Map<string, Uint8Array>;

/** What is done to a bundle; false where it would leave it as it is. `others`: the bundles of other sessions. */
export type Mutation = (files: Files, at: number, other: number, others: readonly Files[]) => boolean;

const pathAt = (files: Files, at: number): string => [...files.keys()][at % files.size] ?? '';

/** What somebody does who has no key. */
export const MUTATIONS: { readonly [name: string]: Mutation } = {
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
};
