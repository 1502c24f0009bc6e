import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { countOlder, hasOlder, packOlder, withOlder } from '../../session/olderIds.ts';
import { newSession } from '../../session/session.ts';
import { upgrade } from '../../session/upgrade.ts';
import { specOf, START } from './world.ts';

const ids = (count: number): string => Array.from({ length: count }, (_, index) => `c${index}`).reduce(withOlder, '');

describe('L8, E4: ids of calls whose answers are gone', () => {
  test('are all known, and no other is', () => {
    const older = ids(5000);
    expect(countOlder(older)).toBe(5000);
    expect(Array.from({ length: 5000 }, (_, index) => `c${index}`).filter((id) => !hasOlder(older, id))).toEqual([]);
    expect(Array.from({ length: 5000 }, (_, index) => `d${index}`).filter((id) => hasOlder(older, id))).toEqual([]);
  });

  test('are 48 bits of their SHA-256 each: 50,000 take 400 KB', () => {
    expect(Buffer.from(withOlder('', 'some id'), 'base64url')).toEqual(createHash('sha256').update('some id').digest().subarray(0, 6));
    expect(ids(100)).toHaveLength(800);
  });

  test('are not found across the border of two', () => {
    const [a, b] = [withOlder('', 'a'), withOlder('', 'b')];
    const straddling = `xxxx${a}${b}xxxx`;
    expect(hasOlder(straddling, 'a')).toBe(false);
    expect(hasOlder(`${straddling}${a}`, 'a')).toBe(true);
  });

  test('that an earlier version carried as a list are taken over, whole', () => {
    const list = ['x', 'y', 'z'].map((id) => createHash('sha256').update(id).digest('hex').slice(0, 16));
    const carried = { ...newSession('session-1', specOf(), START), older: list };
    const { older } = upgrade(carried);
    expect(older).toBe(['x', 'y', 'z'].reduce(withOlder, ''));
    expect(packOlder(older)).toBe(older);
  });
});
