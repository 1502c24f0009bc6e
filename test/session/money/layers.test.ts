import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ceilDiv, floorDiv } from '../../../protocol/money/divide.ts';
import { costOf } from '../../../protocol/money/prices.ts';
import { accrued, instantOf } from '../../../session/money/layers.ts';
import { accountIn, priced } from './priced.ts';

const rate = fc.oneof(fc.nat({ max: 10 }), fc.nat({ max: 5_000_000 }), fc.bigInt(0n, 100_000_000_000n).map(Number));
const ms = fc.nat({ max: 400 * 24 * 3_600_000 });

test('C1: what the layers cost is exact at any rate, and an alert comes at its millisecond', () => {
  const account = accountIn(priced({}));
  fc.assert(
    fc.property(rate, rate, rate, ms, ms, fc.nat({ max: 2_000_000_000 }), (a, b, c, before, later, more) => {
      const rates = { session: a, execution: b, compliance: c };
      const worked = { session: before, execution: Math.floor(before / 3), compliance: 7 };
      const each = { ...account, rates, worked, since: 0, at: ['session', 'execution'] as const };
      const exact = (at: number): bigint =>
        (BigInt(a) * BigInt(before + at) + BigInt(b) * BigInt(worked.execution + at) + BigInt(c) * 7n) / 3_600_000n;
      expect(accrued(each, later)).toBe(Number(exact(later)));
      const target = accrued(each, 0) + more;
      const at = instantOf(each, target);
      if (at === Infinity || at > 1e13) return;
      expect(accrued(each, at)).toBeGreaterThanOrEqual(target);
      if (at > 0) expect(accrued(each, at - 1)).toBeLessThan(target);
    }),
    { numRuns: 2000 },
  );
});

test('C1: quotients of the largest numbers are exact, and a cost is never less for more', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 4_000_000 }), (amount, unit) => {
      expect(BigInt(floorDiv(amount, unit))).toBe(BigInt(amount) / BigInt(unit));
      expect(BigInt(ceilDiv(amount, unit))).toBe((BigInt(amount) + BigInt(unit) - 1n) / BigInt(unit));
    }),
  );
  fc.assert(
    fc.property(
      fc.nat({ max: 10 ** 9 }),
      fc.nat({ max: 86_400_000 }),
      fc.nat({ max: 1000 }),
      (second, took, longer) => {
        const cost = (milliseconds: number): number => costOf({ second }, { ms: milliseconds, in: 0, out: 0 });
        expect(cost(took + longer)).toBeGreaterThanOrEqual(cost(took));
      },
    ),
  );
});
