import { constants } from 'node:fs';
import { mkdir, open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { CustodyError } from '../../protocol/errors.ts';
import { partsOfPath, problemOfPath } from '../../protocol/evidence/path.ts';
import type { EvidenceStore, Keeping, StoreAbilities } from '../../protocol/evidence/store.ts';
import { makeFolders, syncFolder, writeWhole } from '../whole.ts';
import { notLockable, sameOrConflict, tooLarge } from './told.ts';

/**
 * Evidence in a folder, a file for each path, as a bundle is laid out on disk. The folder may be reached by a link; no
 * link below it is followed. It locks nothing: who runs the machine can delete what is in it. Its file system must know
 * hard links, which keep one immutable file from taking the place of another.
 */
export class EvidenceFolder implements EvidenceStore {
  /** Absolute. Made when it is first written to. */
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  can(): Promise<StoreAbilities> {
    return Promise.resolve({ lock: false, hold: false });
  }

  async put(path: string, bytes: Uint8Array, { kind, retainUntil }: Keeping): Promise<void> {
    const parts = partsOfPath(path);
    if (retainUntil) throw notLockable(`The folder ${this.dir}`);
    try {
      await mkdir(this.dir, { recursive: true, mode: 0o700 });
      const root = await realpath(this.dir);
      await makeFolders(root, parts.slice(0, -1));
      await writeWhole(join(root, ...parts), bytes, kind === 'replaces' ? 'replace' : 'keep');
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw this.told(error, path);
      await sameOrConflict(this, path, bytes);
      // Whoever wrote it may have died before its name was on disk.
      await syncFolder(join(await realpath(this.dir), ...parts.slice(0, -1)));
    }
  }

  async get(path: string, most: number): Promise<Uint8Array | undefined> {
    const file = await this.open(path);
    if (!file) return undefined;
    try {
      const { size } = await file.stat();
      if (size > most) throw tooLarge(path, most);
      // Read at most so much of a file that grows.
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size + 1), 0, size + 1, 0);
      if (bytesRead !== size) throw tooLarge(path, size);
      return new Uint8Array(buffer.subarray(0, size));
    } catch (error) {
      throw this.told(error, path);
    } finally {
      await file.close();
    }
  }

  async has(path: string): Promise<boolean> {
    const file = await this.open(path);
    await file?.close();
    return file !== undefined;
  }

  async *list(folder: string): AsyncIterable<string> {
    const parts = folder === '' ? [] : partsOfPath(folder);
    const place = await this.folderOf(parts, folder);
    if (place !== undefined) yield* this.below(place, folder);
  }

  async hold(path: string, _on: boolean): Promise<void> {
    partsOfPath(path);
    throw notLockable(`The folder ${this.dir}`);
  }

  private async *below(place: string, prefix: string): AsyncIterable<string> {
    const entries = await readdir(place, { withFileTypes: true }).catch((error: unknown) => {
      if (isAbsent(error)) return [];
      throw this.told(error, prefix);
    });
    const sorted = entries
      .filter((each) => each.isFile() || each.isDirectory())
      .map((each) => ({ name: each.name, key: each.isDirectory() ? `${each.name}/` : each.name, each }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const { name, each } of sorted) {
      const path = prefix === '' ? name : `${prefix}/${name}`;
      if (problemOfPath(path) !== undefined) continue;
      if (each.isDirectory()) yield* this.below(join(place, name), path);
      else yield path;
    }
  }

  /** A file for reading; undefined where there is none. */
  private async open(path: string) {
    const parts = partsOfPath(path);
    const folder = await this.folderOf(parts.slice(0, -1), path);
    if (folder === undefined) return undefined;
    try {
      // Without NONBLOCK a pipe of that name would hold the process.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const file = await open(join(folder, parts.at(-1)!), flags);
      if ((await file.stat()).isFile()) return file;
      await file.close();
      return undefined;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw this.told(error, path);
    }
  }

  /** The folder of these parts as it is on disk; undefined where there is none. */
  private async folderOf(parts: readonly string[], path: string): Promise<string | undefined> {
    try {
      const folder = join(await realpath(this.dir), ...parts);
      if ((await realpath(folder)) === folder) return folder;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw this.told(error, path);
    }
    throw new CustodyError('EVIDENCE_REFUSED', `A folder of ${path} in ${this.dir} is a link, and is not followed.`);
  }

  private told(error: unknown, path: string): unknown {
    if (error instanceof CustodyError) return error;
    const code = codeOf(error);
    const reason = (error as Error).message;
    if (code === 'ENOTDIR' || code === 'EISDIR')
      return new CustodyError(
        'EVIDENCE_CONFLICT',
        `${path} cannot be written to ${this.dir}: something else is there (${reason}).`,
        { cause: error },
      );
    return new CustodyError(
      REFUSALS.has(code) ? 'EVIDENCE_REFUSED' : 'EVIDENCE_UNAVAILABLE',
      `The archive ${this.dir} cannot take or give ${path || 'its list'}: ${reason}.`,
      { cause: error },
    );
  }
}

/** What does not pass by itself: rights, links, and file systems that cannot do it. */
const REFUSALS: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ELOOP', 'ENOTSUP', 'ENAMETOOLONG']);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
