import { CustodyError } from '../../../protocol/errors.ts';
import { HASH_BYTES } from '../tree/hashing.ts';

/** The bytes of a hash tile: its hashes, one after the other. */
export function hashTileOf(hashes: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(hashes.length * HASH_BYTES);
  for (const [index, hash] of hashes.entries()) bytes.set(hash, index * HASH_BYTES);
  return bytes;
}

/** The hashes of a tile of this width, as views of its bytes. @throws CustodyError LOG_MALFORMED */
export function hashesIn(bytes: Uint8Array, width: number): Uint8Array[] {
  if (bytes.length !== width * HASH_BYTES)
    throw new CustodyError(
      'LOG_MALFORMED',
      `A hash tile of width ${width} has ${width * HASH_BYTES} bytes, and this one ${bytes.length}.`,
    );
  return Array.from({ length: width }, (_, index) => bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES));
}
