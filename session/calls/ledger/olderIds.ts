import { sha256Hex } from '../../../protocol/values/digest.ts';

/**
 * Call ids whose answers are no longer kept, for the whole length of a session: 48 bits of the SHA-256 of each, as 8
 * characters of base64url. The first character is the key; the other 7 stand one after the other in its text, so that
 * to look one up costs a 64th of their number. 50,000 ids take 351 KB.
 *
 * Two ids that share their 48 bits look like one: the later call is refused as a repeat, about once in 200,000 sessions
 * of 50,000 calls. The other way round is impossible: a repeat is always seen.
 */
export type OlderIds = { readonly [first: string]: string };

const WIDTH = 7;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The ids with one more. */
export const withOlder = (ids: OlderIds, callId: string): OlderIds => withHex(ids, sha256Hex(callId));

export function hasOlder(ids: OlderIds, callId: string): boolean {
  const { first, rest } = packed(sha256Hex(callId));
  const text = ids[first] ?? '';
  let at = text.indexOf(rest);
  while (at % WIDTH > 0) at = text.indexOf(rest, at + 1);
  return at >= 0;
}

export const countOlder = (ids: OlderIds): number =>
  Object.values(ids).reduce((sum, text) => sum + text.length / WIDTH, 0);

/** From the form of earlier versions: 64 bits of each id as hex, in a list. */
export const packOlder = (ids: OlderIds | readonly string[]): OlderIds => (isList(ids) ? ids.reduce(withHex, {}) : ids);

const isList = (ids: OlderIds | readonly string[]): ids is readonly string[] => Array.isArray(ids);

function withHex(ids: OlderIds, hex: string): OlderIds {
  const { first, rest } = packed(hex);
  return { ...ids, [first]: `${ids[first] ?? ''}${rest}` };
}

/** @param hex of a SHA-256, or at least of its first 48 bits */
function packed(hex: string): { readonly first: string; readonly rest: string } {
  let text = '';
  for (let at = 0; at < 12; at += 3) {
    const bits = Number.parseInt(hex.slice(at, at + 3), 16);
    text += `${ALPHABET[bits >> 6]}${ALPHABET[bits & 63]}`;
  }
  return { first: text.slice(0, 1), rest: text.slice(1) };
}
