import { randomBytes } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KEY_BYTES } from '../audit/seal/keys.ts';
import { CustodyError } from '../protocol/errors.ts';
import { writeWhole } from '../store/whole.ts';

/** Bytes of the file of a key; more is none. */
const MOST = 200;

/**
 * The keys of sessions, one file each, apart from what is sealed with them: whoever deletes one has erased the contents
 * of that session for good, and its proofs stay.
 */
export class SessionKeyFolder {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  /**
   * The key of a session.
   * @param folder of the session, as in the archive
   * @throws CustodyError EVIDENCE_ERASED; KEY_INVALID where the file holds none; EVIDENCE_UNAVAILABLE
   */
  async find(folder: string): Promise<Uint8Array | undefined> {
    const path = this.pathOf(folder);
    try {
      const text = await readFile(path, 'utf8').catch(absent);
      if (text === undefined) {
        if (await stat(`${path}.erased`).catch(absent))
          throw new CustodyError('EVIDENCE_ERASED', `The key ${path} was erased; ${path}.erased says why.`);
        return undefined;
      }
      const key = Buffer.from(text.trim(), 'base64');
      if (text.length <= MOST && key.length === KEY_BYTES) return new Uint8Array(key);
    } catch (error) {
      if (error instanceof CustodyError) throw error;
      throw new CustodyError('EVIDENCE_UNAVAILABLE', `The key ${path} cannot be read: ${(error as Error).message}.`);
    }
    throw new CustodyError('KEY_INVALID', `${path} does not hold ${KEY_BYTES} bytes in base64.`);
  }

  /** The same; made where there is none: whoever comes second gets that of the first. */
  async of(folder: string): Promise<Uint8Array> {
    const found = await this.find(folder);
    if (found) return found;
    const path = this.pathOf(folder);
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeWhole(path, Buffer.from(`${randomBytes(KEY_BYTES).toString('base64')}\n`), 'keep');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new CustodyError('EVIDENCE_UNAVAILABLE', `The key ${path} cannot be made: ${(error as Error).message}.`);
    }
    const made = await this.find(folder);
    if (made) return made;
    throw new CustodyError('EVIDENCE_UNAVAILABLE', `The key ${path} was made, and is gone again.`);
  }

  private pathOf(folder: string): string {
    return join(this.dir, ...folder.split('/')) + '.key';
  }
}

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined;
  throw error;
};
