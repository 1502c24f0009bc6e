/** Numerals are short; longer ones would only keep the patterns busy. */
const LONGEST = 400;
const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

/**
 * A decimal numeral as an integer of `digits` times ten to the `exponent`, in lowest terms; undefined for other texts.
 */
export function decimal(
  text: string,
): { readonly negative: boolean; readonly digits: string; readonly exponent: number } | undefined {
  const match = DECIMAL.exec(text);
  if (!match || (match[2] === '' && match[3] === '')) return undefined;
  const [, sign, whole = '', fraction = '', power = '0'] = match;
  const all = (whole + fraction).replace(/^0+/, '');
  const digits = all.replace(/0+$/, '');
  if (digits === '') return { negative: false, digits: '0', exponent: 0 };
  return { negative: sign === '-', digits, exponent: Number(power) - fraction.length + all.length - digits.length };
}

/**
 * Does the number say what its text says? False for integers beyond 2^53, for digits that a double drops, for infinity
 * and NaN.
 */
export const exactDecimal = (text: string, value: number): boolean =>
  !(Number.isInteger(value) && !Number.isSafeInteger(value)) && survives(text, value);

/**
 * Does the number still have all digits of its text, and its sign? An integer beyond 2^53 may: 6e23 does. JavaScript
 * writes -0 as 0.
 */
export function survives(text: string, value = Number(text)): boolean {
  if (text.length > LONGEST || !Number.isFinite(value) || Object.is(value, -0)) return false;
  const written = decimal(text);
  if (!written) return true; // hexadecimal and octal integers
  const kept = decimal(String(value));
  return (
    kept !== undefined &&
    kept.digits === written.digits &&
    kept.exponent === written.exponent &&
    kept.negative === written.negative
  );
}
