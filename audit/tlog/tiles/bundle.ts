import { CustodyError } from '../../../protocol/errors.ts';

/** The largest entry, in bytes: its length stands before it in two. */
export const ENTRY_BYTES = 65_535;

const PREFIX = 2;

/** An entry bundle: each entry after its length, as big-endian uint16. @throws CustodyError ENTRY_TOO_LARGE */
export function bundleOf(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, { length }) => sum + PREFIX + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > ENTRY_BYTES)
      throw new CustodyError(
        'ENTRY_TOO_LARGE',
        `An entry of a log has at most ${ENTRY_BYTES} bytes, and this one would have ${entry.length}.`,
      );
    view.setUint16(at, entry.length);
    bytes.set(entry, at + PREFIX);
    at += PREFIX + entry.length;
  }
  return bytes;
}

/**
 * The entries of a bundle of this width, as views of its bytes; nothing stands after them.
 *
 * @throws CustodyError LOG_MALFORMED
 */
export function entriesIn(bytes: Uint8Array, width: number): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < width) {
    const start = at + PREFIX;
    const end = start <= bytes.length ? start + view.getUint16(at) : Infinity;
    if (end > bytes.length)
      throw new CustodyError(
        'LOG_MALFORMED',
        `An entry bundle ends within entry ${entries.length} of the ${width} that it must have.`,
      );
    entries.push(bytes.subarray(start, end));
    at = end;
  }
  if (at < bytes.length)
    throw new CustodyError(
      'LOG_MALFORMED',
      `An entry bundle has ${bytes.length - at} bytes after the ${width} entries that it must have.`,
    );
  return entries;
}
