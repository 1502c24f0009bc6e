import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUsd, MAX_USD, parseUsd } from '../../protocol/money/usd.ts';
import { parseProfile } from '../../config/profile.ts';
import { nearest, quote } from '../../protocol/values/text.ts';
import { formatDuration, parseDuration } from '../../protocol/values/duration.ts';
import { formatBytes, formatSize, parseSize } from '../../protocol/values/size.ts';

describe('C1: money', () => {
  const micro = fc.integer({ min: 0, max: MAX_USD * 1e6 });

  test('is exact: every amount in millionths comes back as it was written', () => {
    fc.assert(
      fc.property(micro, (amount) => {
        const text = `${amount / 1e6 >= 1 ? Math.floor(amount / 1e6) : 0}.${String(amount % 1e6).padStart(6, '0')}`;
        expect(parseProfile(`cost: { budgetLimit: ${text} }`, 'p').cost.budgetLimit).toBe(amount);
        expect(parseUsd(Number(formatUsd(amount)))).toBe(amount);
      }),
    );
  });

  test.each([
    [0.1, 100_000],
    [0.3, 300_000],
    [1.005, 1_005_000],
    [1e-6, 1],
    [-0, 0],
    [999_999_999.999999, 999_999_999_999_999],
  ])('%d USD is %d', (usd, amount) => {
    expect(parseUsd(usd)).toBe(amount);
  });

  test.each([NaN, Infinity, -0.01, 1e-7, 0.1 + 0.2, MAX_USD + 1])('%d USD is refused with a reason', (usd) => {
    expect(parseUsd(usd)).toBeTypeOf('string');
  });
});

test('a duration comes back as it was formatted, and as a profile reads it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1000, max: 365 * 86_400_000 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
      expect(parseProfile(`session: { timeout: ${formatDuration(ms)} }`, 'p').session.timeout).toBe(ms);
    }),
  );
});

test('a size comes back as it was formatted', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
      fc.constantFrom(0, 10, 20, 30),
      (count, power) => {
        const bytes = Math.floor(count / 2 ** power) * 2 ** power;
        expect(parseSize(formatSize(bytes))).toBe(bytes);
      },
    ),
  );
  expect([parseSize('1GiB'), parseSize('64KiB'), parseSize('12B')]).toEqual([1024 ** 3, 65_536, 12]);
  for (const text of ['', '1', '1GB', '1.5MiB', '-1KiB', '99999999999999TiB', '1 KiB'])
    expect(parseSize(text), text).toBeUndefined();
  expect([0, 1023, 1536, 5 * 1024 ** 3].map(formatBytes)).toEqual(['0 B', '1023 B', '1.5 KiB', '5 GiB']);
});

test('guesses are near, or none', () => {
  const keys = ['timeout', 'gracePeriod', 'warning'];
  expect(nearest('timout', keys)).toBe('timeout');
  expect(nearest('grace_period', keys)).toBe('gracePeriod');
  expect(nearest('wraning', keys)).toBe('warning');
  expect(nearest('colour', keys)).toBeUndefined();
});

test('quoted text is one printable line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(quote(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
  );
});
