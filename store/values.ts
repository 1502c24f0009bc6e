import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CustodyError } from '../protocol/errors.ts';
import { syncFolder } from './whole.ts';

/** A value in the payload store. */
export interface StoredValue {
  readonly sha256: string;
  readonly bytes: number;
  /** When it was put last, in epoch milliseconds. */
  readonly usedAt: number;
}

const NAME = /^[0-9a-f]{64}$/;
/** Every SHA-256 in hex that a text has. */
const HASHES = /(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g;

/** The hashes in a text that are among those. */
export const hashesIn = (text: string, among: ReadonlySet<string>): readonly string[] =>
  (text.match(HASHES) ?? []).filter((hash) => among.has(hash));

/** The life of values in the folder of a payload store: what there is, what it refers to, and its end. */
export class ValueFolder {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** All values; what has another name is passed over. @throws CustodyError STORE_UNAVAILABLE */
  async *list(): AsyncGenerator<StoredValue> {
    for (const folder of (await this.told(readdir(this.dir).catch(absent))) ?? []) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const sha256 of (await this.told(readdir(join(this.dir, folder)).catch(absent))) ?? []) {
        if (!NAME.test(sha256) || !sha256.startsWith(folder)) continue;
        const found = await this.told(stat(this.pathOf(sha256)).catch(absent));
        if (found?.isFile()) yield { sha256, bytes: found.size, usedAt: found.mtimeMs };
      }
    }
  }

  /**
   * These values, and all among those that they refer to, over any number of steps. It rather takes one too many: any
   * text that could be a reference is one.
   * @throws CustodyError STORE_UNAVAILABLE
   */
  async closure(from: Iterable<string>, among: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    const rest = [...from].filter((hash) => among.has(hash));
    for (let hash = rest.pop(); hash !== undefined; hash = rest.pop()) {
      if (found.has(hash)) continue;
      found.add(hash);
      const text = await this.told(readFile(this.pathOf(hash), 'latin1').catch(absent));
      for (const other of hashesIn(text ?? '', among)) if (!found.has(other)) rest.push(other);
    }
    return found;
  }

  /**
   * Deletes a value, unless it was put since then: whoever puts it meanwhile has it.
   * @param before epoch milliseconds
   * @returns whether it is gone
   * @throws CustodyError STORE_UNAVAILABLE
   */
  async remove(sha256: string, before: number): Promise<boolean> {
    const path = this.pathOf(sha256);
    const aside = `${path}.deleted`;
    return this.told(
      (async () => {
        const found = await stat(path).catch(absent);
        if (found && found.mtimeMs >= before) return false;
        // Under another name nobody takes it up, so that its time is the last.
        if (found) await rename(path, aside).catch(absent);
        const last = await stat(aside).catch(absent);
        const isUsed = last !== undefined && last.mtimeMs >= before;
        if (isUsed) await rename(aside, path);
        else await rm(aside, { force: true });
        await syncFolder(dirname(path)).catch(absent);
        return !isUsed;
      })(),
    );
  }

  private pathOf(sha256: string): string {
    return join(this.dir, sha256.slice(0, 2), sha256);
  }

  private async told<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const { message } = error as Error;
      throw new CustodyError(
        'STORE_UNAVAILABLE',
        `The payload store ${this.dir} cannot be looked through: ${message}.`,
        {
          cause: error,
        },
      );
    }
  }
}

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined;
  throw error;
};
