import { createHash } from 'node:crypto';
import { mkdir, readFile, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonical } from '../protocol/values/digest.ts';
import { CustodyError } from '../protocol/errors.ts';
import type { Json } from '../protocol/values/json.ts';
import { isRef, type PayloadStore, previewOf, type Ref } from '../protocol/values/payload.ts';
import { writeWhole } from './whole.ts';

/**
 * Payloads in a folder, one file each: `ab/abcd…`, named for the SHA-256 of its content, which is RFC 8785 JSON.
 *
 * A file is written under another name, brought to disk, and renamed: whatever dies in between, a file under its own
 * name is whole. Only the user of the process can read it. Nothing is deleted here, see `ValueFolder`; `put` of a value
 * that is there renews the time of its file, so that files may be deleted by age, and replaces one that was damaged.
 */
export class FolderStore implements PayloadStore {
  /** Absolute. Made when it is first written to. */
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  async put(value: Json): Promise<Ref> {
    const text = canonical(value);
    const content = Buffer.from(text);
    const ref = { sha256: hashOf(content), bytes: content.length, preview: previewOf(text) };
    try {
      const path = this.pathOf(ref);
      if (!(await this.has(path, content))) await this.write(path, content);
      return ref;
    } catch (error) {
      throw new CustodyError(
        'STORE_UNAVAILABLE',
        `The payload store ${this.dir} cannot take ${ref.bytes} bytes: ${(error as Error).message}.`,
        { cause: error },
      );
    }
  }

  async get(ref: Ref): Promise<Json> {
    if (!isRef(ref))
      throw new CustodyError(
        'PAYLOAD_MISSING',
        'What refers to the payload is no reference: { sha256, bytes, preview }.',
      );
    const content = await this.read(ref);
    if (content.length !== ref.bytes || hashOf(content) !== ref.sha256) {
      throw new CustodyError(
        'PAYLOAD_CORRUPT',
        `${this.pathOf(ref)} has ${content.length} bytes with SHA-256 ${hashOf(content)}, and ${ref.bytes} ` +
          `bytes with SHA-256 ${ref.sha256} were kept.`,
      );
    }
    return JSON.parse(content.toString('utf8')) as Json;
  }

  private async read(ref: Ref): Promise<Buffer> {
    try {
      return await readFile(this.pathOf(ref));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT')
        throw new CustodyError('STORE_UNAVAILABLE', `The payload store ${this.dir} cannot be read: ${message}.`, {
          cause: error,
        });
      throw new CustodyError(
        'PAYLOAD_MISSING',
        `The payload with SHA-256 ${ref.sha256} (${ref.bytes} bytes) is not in ${this.dir}.`,
        { cause: error },
      );
    }
  }

  /** A file with this content is there; it counts as used now. */
  private async has(path: string, content: Buffer): Promise<boolean> {
    // The time first: whoever deletes by age sees it, or the file is read no more.
    await utimes(path, new Date(), new Date()).catch(() => undefined);
    const found = await readFile(path).catch(() => undefined);
    return found?.equals(content) ?? false;
  }

  private async write(path: string, content: Buffer): Promise<void> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeWhole(path, content, 'replace');
  }

  private pathOf({ sha256 }: Ref): string {
    return join(this.dir, sha256.slice(0, 2), sha256);
  }
}

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
