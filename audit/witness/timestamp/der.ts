/** No element is nested deeper. */
const DEEPEST = 60;

const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;

/**
 * Whether bytes are one element of DER, as far as tags and lengths go: each length is as short as can be, and whatever
 * an element is made of fills it exactly. The parser does not look at that, and would let a part end behind its whole,
 * so that others would read another structure. Tags of more than one byte are not used here, and taken for none.
 */
export const isDer = (bytes: Uint8Array): boolean => endOf(bytes, 0, bytes.length, 0) === bytes.length;

/** Where the element at `start` ends; undefined where it is none, or ends behind `limit`. */
function endOf(bytes: Uint8Array, start: number, limit: number, depth: number): number | undefined {
  const tag = bytes[start];
  const header = lengthAt(bytes, start + 1, limit);
  if (tag === undefined || header === undefined || (tag & LONG_TAG) === LONG_TAG || depth > DEEPEST) return undefined;
  const { from, length } = header;
  const end = from + length;
  if (end > limit) return undefined;
  if ((tag & CONSTRUCTED) === 0) return end;
  let at = from;
  while (at < end) {
    const next = endOf(bytes, at, end, depth + 1);
    if (next === undefined) return undefined;
    at = next;
  }
  return end;
}

/** The length that stands at `at`, and where what it counts begins. */
function lengthAt(bytes: Uint8Array, at: number, limit: number): { from: number; length: number } | undefined {
  const first = at < limit ? bytes[at]! : 0xff;
  if (first < 0x80) return { from: at + 1, length: first };
  const count = first & 0x7f;
  if (count < 1 || count > 3 || at + count >= limit) return undefined;
  const length = bytes.subarray(at + 1, at + 1 + count).reduce((sum, byte) => sum * 256 + byte, 0);
  const least = count === 1 ? 0x80 : 256 ** (count - 1);
  return length < least ? undefined : { from: at + 1 + count, length };
}
