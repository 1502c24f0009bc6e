import { sha256Hex } from './digest.ts';

/**
 * Call ids whose answers are no longer kept, for the whole length of a session: 48 bits of the SHA-256 of each, as 8
 * characters of base64url, one after the other in one text. 50,000 ids take 400 KB.
 *
 * Two ids that share their 48 bits look like one: the later call is refused as a repeat, about once in 200,000 sessions
 * of 50,000 calls. The other way round is impossible: a repeat is always seen.
 */
export type OlderIds = string;

const WIDTH = 8;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The ids with one more. */
export const withOlder = (ids: OlderIds, callId: string): OlderIds => ids + packed(sha256Hex(callId));

export const countOlder = (ids: OlderIds): number => ids.length / WIDTH;

export function hasOlder(ids: OlderIds, callId: string): boolean {
  const id = packed(sha256Hex(callId));
  let at = ids.indexOf(id);
  while (at % WIDTH > 0) at = ids.indexOf(id, at + 1);
  return at >= 0;
}

/** The form in which runs before this one may have carried them: 64 bits each, as hex, in a list. */
export const packOlder = (ids: OlderIds | readonly string[]): OlderIds => (typeof ids === 'string' ? ids : ids.map(packed).join(''));

/** @param hex of a SHA-256, or at least of its first 48 bits */
function packed(hex: string): string {
  let text = '';
  for (let at = 0; at < 12; at += 3) {
    const bits = Number.parseInt(hex.slice(at, at + 3), 16);
    text += `${ALPHABET[bits >> 6]}${ALPHABET[bits & 63]}`;
  }
  return text;
}
