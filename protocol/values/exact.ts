import { survives } from './decimal.ts';
import { type Json, problemOfJson } from './json.ts';

/** Numbers of so few characters, without an exponent, have no digit that a double would drop. */
const SURELY_EXACT = 15;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The numbers of a JSON text that `JSON.parse` would alter, where they stand. Takes time linear in its length. */
function* alteredNumbers(text: string): Generator<{ readonly start: number; readonly number: string }> {
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) {
      at = endOfString(text, at);
    } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      NUMBER.lastIndex = at;
      const number = NUMBER.exec(text)?.[0] ?? '-';
      const isShort = number.length <= SURELY_EXACT && !/e/i.test(number);
      if (!isShort && !survives(number)) yield { start: at, number };
      at += number.length;
    } else {
      at += 1;
    }
  }
}

/** The position after the string that begins with the quote at `start`. */
export function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(quote - 1 - backslashes) === 0x5c) backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** The first number of a JSON text that JavaScript would alter: beyond 2^53, beyond a double, or with more digits. */
export function alteredNumberIn(text: string): string | undefined {
  for (const { number } of alteredNumbers(text)) return number;
  return undefined;
}

/** The first integer beyond 2^53 in a value, of which nobody knows any more with which digits it was written. */
export function unsureIntegerIn(value: unknown): number | undefined {
  const rest: unknown[] = [value];
  while (rest.length > 0) {
    const item = rest.pop();
    if (typeof item === 'number' && Number.isInteger(item) && !Number.isSafeInteger(item)) return item;
    if (typeof item === 'object' && item !== null) for (const member of Object.values(item)) rest.push(member);
  }
  return undefined;
}

/** A JSON text with other tokens in the place of the numbers that JavaScript would alter. */
export function replaceAltered(text: string, token: (number: string) => string): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, number } of alteredNumbers(text)) {
    parts.push(text.slice(from, start), token(number));
    from = start + number.length;
  }
  return from === 0 ? text : parts.join('') + text.slice(from);
}

/**
 * A JSON text as a value that can be carried and sealed. Where no value says all that the text does, `exact` is the
 * text itself, and the value comes close: its numbers are rounded, those beyond a double are texts, half of a surrogate
 * pair is U+FFFD, and for what is nested too deeply stands null.
 *
 * @throws SyntaxError where it is no JSON
 */
export function carry(text: string): { readonly value: Json; readonly exact?: string } {
  JSON.parse(text); // As a name a number is no JSON, and its digits as a text are.
  const finite = replaceAltered(text, (number) => (Number.isFinite(Number(number)) ? number : `"${number}"`));
  const value = JSON.parse(finite) as Json;
  if (problemOfJson(value) === undefined) return alteredNumberIn(text) ? { value, exact: text } : { value };
  const sound = wellFormed(value);
  return { value: problemOfJson(sound) === undefined ? sound : null, exact: text };
}

/** `JSON.stringify` writes lone surrogates as escapes; U+FFFD takes their place, as in UTF-8. */
function wellFormed(value: Json): Json {
  try {
    const escaped = JSON.stringify(value);
    return JSON.parse(escaped.replace(/(?<!\\)((?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/gi, '$1\uFFFD')) as Json;
  } catch {
    return null; // A RangeError: nested more deeply than anybody can write it down.
  }
}
