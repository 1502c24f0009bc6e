import { constants, type Dirent } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { CustodyError } from '../../protocol/errors.ts';
import { quote } from '../../protocol/values/text.ts';
import type { Bundle } from '../../audit/verify/bundle.ts';

/** Folders within folders, and folders in all, that are looked into. */
const MOST_LEVELS = 16;
const MOST_FOLDERS = 100_000;

/** Without NONBLOCK a pipe that took the place of a file would hold the process. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * A bundle in a folder that somebody else wrote. The folder itself may be reached by a link; no link below it is
 * followed, and nothing but plain files and folders is opened.
 */
export class BundleFolder implements Bundle {
  readonly dir: string;
  /** Folders below it that were seen to be folders. */
  readonly #folders = new Set<string>();

  constructor(dir: string) {
    this.dir = dir;
  }

  async get(path: string, most: number): Promise<Uint8Array | undefined> {
    const parts = path.split('/');
    if (!(await this.#isBelow(parts.slice(0, -1)))) return undefined;
    return readPlain(join(this.dir, ...parts), most);
  }

  async *list(_folder: ''): AsyncIterable<string> {
    let seen = 0;
    for (const rest = ['']; rest.length > 0;) {
      const folder = rest.pop()!;
      for await (const entry of await opendir(join(this.dir, folder))) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (!isFolder(entry)) yield path;
        else if (path.split('/').length > MOST_LEVELS)
          throw tooLarge(`${quote(path)} is a folder below ${MOST_LEVELS} others`);
        else if (++seen > MOST_FOLDERS) throw tooLarge(`It has more than ${MOST_FOLDERS} folders`);
        else rest.push(path);
      }
    }
  }

  /** Are these folders, one in the other, and none of them a link? */
  async #isBelow(parts: readonly string[]): Promise<boolean> {
    for (let count = 1; count <= parts.length; count += 1) {
      const folder = join(this.dir, ...parts.slice(0, count));
      if (this.#folders.has(folder)) continue;
      const stat = await orAbsent(lstat(folder));
      if (!stat) return false;
      if (!stat.isDirectory()) throw refused(folder);
      if (this.#folders.size < MOST_FOLDERS) this.#folders.add(folder);
    }
    return true;
  }
}

const isFolder = (entry: Dirent): boolean => entry.isDirectory();

/**
 * The bytes of a plain file, or undefined where there is none.
 * @throws CustodyError EVIDENCE_TOO_LARGE beyond `most` bytes; EVIDENCE_REFUSED for a link, a pipe, a device, a folder,
 *   and for a file that cannot be read
 */
export async function readPlain(path: string, most: number): Promise<Uint8Array | undefined> {
  const found = await orAbsent(lstat(path));
  if (!found) return undefined;
  if (!found.isFile()) throw refused(path);
  const file = await orAbsent(open(path, READ));
  if (!file) return undefined;
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw refused(path);
    if (stat.size > most) throw tooLarge(`${quote(path)} has ${stat.size} bytes, more than the ${most} that are read`);
    // At most so much of a file that grows.
    const { buffer, bytesRead } = await file.read(Buffer.alloc(stat.size + 1), 0, stat.size + 1, 0);
    if (bytesRead > stat.size) throw tooLarge(`${quote(path)} grew while it was read`);
    return new Uint8Array(buffer.buffer, buffer.byteOffset, bytesRead);
  } finally {
    await file.close();
  }
}

async function orAbsent<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw new CustodyError('EVIDENCE_REFUSED', `A file of evidence cannot be read: ${message}.`, { cause: error });
  }
}

const refused = (path: string): CustodyError =>
  new CustodyError('EVIDENCE_REFUSED', `${quote(path)} is a link, a pipe or another thing that is not opened.`);

const tooLarge = (why: string): CustodyError => new CustodyError('EVIDENCE_TOO_LARGE', `${why}.`);
