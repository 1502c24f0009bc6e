import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * An API key: `cst_`, the id under which it stands in the file, `_`, and 36 bytes in base64url: 32 at random, and the
 * CRC-32 of all before it, so that a slip of the hand is none that has to be looked up. The beginning lets scanners for
 * leaked secrets find it.
 */
const FORM = /^cst_([0-9a-f]{16})_([A-Za-z0-9_-]{48})$/;
const RANDOM = 32;
const ID = 8;

export interface MintedToken {
  readonly id: string;
  /** Shown once, and kept nowhere. */
  readonly token: string;
  /** What is kept of it. */
  readonly sha256: string;
}

export function mintToken(): MintedToken {
  const id = randomBytes(ID).toString('hex');
  const secret = randomBytes(RANDOM);
  const token = `cst_${id}_${Buffer.concat([secret, checksumOf(id, secret)]).toString('base64url')}`;
  return { id, token, sha256: digestOfToken(token).toString('hex') };
}

/** The id in what looks like an API key; undefined for what cannot be one. */
export function idOfToken(token: string): string | undefined {
  const [, id, text] = FORM.exec(token) ?? [];
  if (id === undefined || text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.subarray(RANDOM).equals(checksumOf(id, bytes.subarray(0, RANDOM))) ? id : undefined;
}

/** The key has 256 random bits, so nothing slower than SHA-256 is needed to keep it. */
export const digestOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();

function checksumOf(id: string, secret: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(secret, crc32(`cst_${id}_`)));
  return sum;
}
