import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { countOlder, hasOlder, type OlderIds, withOlder } from '../../../session/calls/ledger/olderIds.ts';

const names = (count: number, letter = 'c'): string[] =>
  Array.from({ length: count }, (_, index) => `${letter}${index}`);
const olderOf = (ids: readonly string[]): OlderIds => ids.reduce<OlderIds>(withOlder, {});
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

describe('L8, E4: ids of calls whose answers are gone', () => {
  test('are all known, and no other is', () => {
    const older = olderOf(names(5000));
    expect(countOlder(older)).toBe(5000);
    expect(names(5000).filter((id) => !hasOlder(older, id))).toEqual([]);
    expect(names(5000, 'd').filter((id) => hasOlder(older, id))).toEqual([]);
  });

  test('are 48 bits of their SHA-256 each, and take 7 bytes: 50,000 fit into 352 KB', () => {
    const [[first, rest] = []] = Object.entries(olderOf(['some id']));
    expect(Buffer.from(`${first}${rest}`, 'base64url')).toEqual(sha256('some id').subarray(0, 6));
    const bytes = (count: number) => JSON.stringify(olderOf(names(count))).length;
    expect(bytes(2000) - bytes(1000)).toBe(7000);
    expect(bytes(2000) + 48_000 * 7).toBeLessThan(352_000);
  });

  test('are not found across the border of two', () => {
    const [[first, rest] = ['', '']] = Object.entries(olderOf(['a']));
    const straddling = `xxx${rest}xxxx`;
    expect(hasOlder({ [first]: straddling }, 'a')).toBe(false);
    expect(hasOlder({ [first]: `${straddling}${rest}` }, 'a')).toBe(true);
  });
});
