import { survives } from './decimal.ts';
import { isObject, type Json, type JsonObject, MAX_DEPTH, problemOfJson } from '../json.ts';

/** Numbers of so few characters, without an exponent, have no digit that a double would drop; -0 has its sign. */
const SURELY_EXACT = 15;
const MAY_BE_ALTERED = /^-0|e/i;
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
      const isShort = number.length <= SURELY_EXACT && !MAY_BE_ALTERED.test(number);
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

/** The first number of a JSON text that JavaScript would alter: beyond 2^53 or a double, with more digits, or -0. */
export function alteredNumberIn(text: string): string | undefined {
  for (const { number } of alteredNumbers(text)) return number;
  return undefined;
}

/**
 * What keeps a value from being taken from somebody who wants it sent: what `problemOfJson` names, and an integer
 * beyond 2^53, of which nobody knows any more with which digits it was written.
 */
export function problemOfGiven(value: unknown): string | undefined {
  const problem = problemOfJson(value);
  if (problem !== undefined) return problem;
  const unsure = unsureIntegerIn(value);
  return unsure === undefined
    ? undefined
    : `an integer near ${unsure} in it is beyond 2^53, and would not be sent with the digits that it was given; ` +
        'where text is taken, give it in quotes';
}

function unsureIntegerIn(value: unknown): number | undefined {
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
 * pair is U+FFFD, and null stands for what is nested too deeply, and for an object whose names would fall together.
 *
 * @throws SyntaxError where it is no JSON
 */
export function carry(text: string): { readonly value: Json; readonly exact?: string } {
  JSON.parse(text); // As a name a number is no JSON, and its digits as a text are.
  if (depthOf(text) > MAX_DEPTH) return { value: null, exact: text };
  const finite = replaceAltered(text, (number) => (Number.isFinite(Number(number)) ? number : `"${number}"`));
  const value = JSON.parse(finite) as Json;
  if (problemOfJson(value) !== undefined) return { value: wellFormed(value), exact: text };
  return alteredNumberIn(text) === undefined ? { value } : { value, exact: text };
}

/** How many levels of a JSON text stand within each other. */
export function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, (depth += 1));
    else if (char === '}' || char === ']') depth -= 1;
  }
  return deepest;
}

/** @param value of no more levels than the stack has room for */
function wellFormed(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (!isObject(value)) return value;
  const members = Object.entries(value as JsonObject).map(([name, member]) => [
    name.toWellFormed(),
    wellFormed(member),
  ]);
  const mended = Object.fromEntries(members) as JsonObject;
  return Object.keys(mended).length === members.length ? mended : null;
}
