import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { KEY_BYTES } from '../audit/seal/keys.ts';
import { CustodyError } from '../protocol/errors.ts';
import { type Intended, type Obeyed, readOrder } from '../protocol/evidence/orders.ts';
import { canonical } from '../protocol/values/digest.ts';
import { isObject, type Json } from '../protocol/values/json.ts';
import { syncFolder, writeWhole } from '../store/whole.ts';

/** Bytes of the file of a key; more is none. */
const MOST = 200;
/** The same of an order beside it. */
const MOST_ORDER = 64 * 1024;

/**
 * The keys of sessions, one file each, apart from what is sealed with them: whoever deletes one has erased the contents
 * of that session for good, and its proofs stay. Beside a key stand `X.key.hold`, the last order that held it back or
 * released it, and in its place `X.key.erased`, why it is gone.
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
    const text = await this.read(path);
    if (text === undefined) {
      if (await this.isErased(folder))
        throw new CustodyError('EVIDENCE_ERASED', `The key ${path} was erased; ${path}.erased says why.`);
      return undefined;
    }
    const key = Buffer.from(text.trim(), 'base64');
    if (text.length <= MOST && key.length === KEY_BYTES) return new Uint8Array(key);
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

  /** Is the key gone, and does a file say that it was erased? @throws CustodyError EVIDENCE_UNAVAILABLE */
  async isErased(folder: string): Promise<boolean> {
    const path = this.pathOf(folder);
    return told(path, async () => !(await stat(path).catch(absent)) && !!(await stat(`${path}.erased`).catch(absent)));
  }

  /**
   * The last order that held the session back or released it.
   * @throws CustodyError KEY_INVALID, EVIDENCE_UNAVAILABLE
   */
  async held(folder: string): Promise<Obeyed | undefined> {
    const path = `${this.pathOf(folder)}.hold`;
    const text = await this.read(path);
    if (text === undefined) return undefined;
    const order = text.length <= MOST_ORDER ? orderIn(text) : undefined;
    if (order) return order;
    // What cannot be read holds: nobody erases for a file that is damaged.
    throw new CustodyError('KEY_INVALID', `${path} should say whether the session is held back, and cannot be read.`);
  }

  /** Keeps an order that holds the session back, or releases it. @throws CustodyError EVIDENCE_UNAVAILABLE */
  async hold(folder: string, order: Obeyed): Promise<void> {
    const path = this.pathOf(folder);
    await told(path, () => writeWhole(`${path}.hold`, bytesOf(order), 'replace'));
  }

  /** The last order that was about to stand on record. @throws CustodyError EVIDENCE_UNAVAILABLE */
  async intended(folder: string): Promise<Intended | undefined> {
    const text = await this.read(`${this.pathOf(folder)}.order`);
    const order = text !== undefined && text.length <= MOST_ORDER ? (orderIn(text) as Partial<Intended>) : undefined;
    return typeof order?.at === 'number' ? (order as Intended) : undefined;
  }

  /** Keeps an order before it stands on record. @throws CustodyError EVIDENCE_UNAVAILABLE */
  async intend(folder: string, order: Intended): Promise<void> {
    const path = this.pathOf(folder);
    await told(path, () => writeWhole(`${path}.order`, bytesOf(order), 'replace'));
  }

  /**
   * Deletes the key of a session: first it is said why, then it goes. Done again, it is the same.
   * @throws CustodyError EVIDENCE_UNAVAILABLE
   */
  async erase(folder: string, order: Obeyed): Promise<void> {
    const path = this.pathOf(folder);
    await told(path, async () => {
      await writeWhole(`${path}.erased`, bytesOf(order), 'keep').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
      await rm(path, { force: true });
      await syncFolder(dirname(path));
    });
  }

  private read(path: string): Promise<string | undefined> {
    return told(path, () => readFile(path, 'utf8').catch(absent));
  }

  private pathOf(folder: string): string {
    return join(this.dir, ...folder.split('/')) + '.key';
  }
}

const bytesOf = (order: Obeyed): Buffer => Buffer.from(`${canonical(order as unknown as Json)}\n`);

function orderIn(text: string): Obeyed | undefined {
  try {
    const order: unknown = JSON.parse(text);
    const isOrder = isObject(order) && isObject(order['order']) && readOrder({ ...order['order'] }).value !== undefined;
    return isOrder && isObject(order['proof']) ? (order as unknown as Obeyed) : undefined;
  } catch {
    return undefined;
  }
}

async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new CustodyError(
      'EVIDENCE_UNAVAILABLE',
      `The key ${path} cannot be read or changed: ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

const absent = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === 'ENOENT') return undefined;
  throw error;
};
