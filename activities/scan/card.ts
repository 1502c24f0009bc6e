import { byPattern, type ScanRule } from './rules.ts';

/** Prefixes of the large schemes, from and to, with how many digits their numbers have. */
const SCHEMES: readonly (readonly [from: string, to: string, lengths: readonly number[]])[] = [
  ['4', '4', [13, 16, 19]], // Visa
  ['51', '55', [16]], // Mastercard
  ['2221', '2720', [16]],
  ['34', '34', [15]], // American Express
  ['37', '37', [15]],
  ['6011', '6011', [16, 19]], // Discover
  ['644', '649', [16, 19]],
  ['65', '65', [16, 19]],
  ['300', '305', [14]], // Diners Club
  ['36', '36', [14]],
  ['38', '39', [14]],
  ['3528', '3589', [16]], // JCB
  ['62', '62', [16, 19]], // UnionPay
];

/** Numbers of payment cards: prefix, length and check digit (Luhn). */
export const CARD: ScanRule = byPattern('card', 'card', /(?<![\w.+-])\d(?:[ -]?\d){12,18}(?![\w-]|\.\d)/g, (match) => {
  const digits = match.replace(/[ -]/g, '');
  return isOfScheme(digits) && isLuhn(digits);
});

const isOfScheme = (digits: string): boolean =>
  SCHEMES.some(([from, to, lengths]) => {
    const head = digits.slice(0, from.length);
    return lengths.includes(digits.length) && head >= from && head <= to;
  });

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const twice = digit * 2;
    sum += index % 2 === 0 ? digit : twice > 9 ? twice - 9 : twice;
  }
  return sum % 10 === 0;
}
