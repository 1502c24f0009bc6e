import { decimal } from '../values/numbers/decimal.ts';

/** Integer micro-USD in one USD. */
const MICRO_DIGITS = 6;

/** Up to here every amount with six decimals is told apart by a JSON number, so that nothing is rounded. */
export const MAX_USD = 1_000_000_000;

/**
 * Integer micro-USD of an amount in USD, exactly: `0.1` is 100000.
 * A text says why the amount is refused.
 */
export function parseUsd(usd: number, most = MAX_USD): number | string {
  if (!Number.isFinite(usd)) return 'is no amount of money; write USD as a number, such as 12.5';
  if (usd < 0) return 'is negative; write an amount in USD from 0 on';
  if (usd > most) return `is more than ${most} USD; write less`;
  const { digits, exponent } = decimal(String(usd))!;
  if (exponent < -MICRO_DIGITS) return 'has more than 6 decimals, and money is kept in millionths of a USD; round it';
  return Number(digits + '0'.repeat(exponent + MICRO_DIGITS));
}

/** The same in micro-USD. */
export const MAX_MICRO_USD = MAX_USD * 10 ** MICRO_DIGITS;

/** An amount as a sentence says it: `1.5 USD`. */
export const usdText = (microUsd: number): string => `${formatUsd(microUsd)} USD`;

/** Micro-USD as USD without trailing zeros: 1500000 is `1.5`. */
export function formatUsd(microUsd: number): string {
  const text = String(microUsd).padStart(MICRO_DIGITS + 1, '0');
  const fraction = text.slice(-MICRO_DIGITS).replace(/0+$/, '');
  return text.slice(0, -MICRO_DIGITS) + (fraction && `.${fraction}`);
}
