/** A value that survives JSON unchanged: all that state, events and messages are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** The same value as nobody changes it. */
export type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** A value without members that are null, in so many levels of objects and lists. */
export function withoutNulls(value: unknown, levels: number): unknown {
  if (levels === 0) return value;
  if (Array.isArray(value)) return value.map((item) => withoutNulls(item, levels - 1));
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNulls(member, levels - 1)]));
}

/** Levels of a value that is carried. */
export const MAX_DEPTH = 64;

/**
 * What keeps a value from being hashed and carried: I-JSON (RFC 7493) has no lone surrogates, `1e999` parses to a
 * number that JSON cannot write, and 64 levels are enough for anyone. Iterative, so that no input can exhaust the
 * stack.
 */
export function problemOfJson(value: unknown): string | undefined {
  const rest: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { value: item, depth } = next;
    if (typeof item === 'string' && !isWellFormed(item)) return 'a text in it is not well-formed Unicode';
    if (typeof item === 'number' && !Number.isFinite(item)) return 'a number in it is too large';
    if (item === null || typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') continue;
    if (typeof item !== 'object' || !isPlain(item)) return 'something in it is no JSON value';
    if (depth >= MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
    for (const [key, member] of Array.isArray(item)
      ? Array.from(item as unknown[], (member) => ['', member] as const)
      : Object.entries(item)) {
      if (member === undefined && !Array.isArray(item)) continue; // JSON leaves it out
      if (!isWellFormed(key)) return 'a name in it is not well-formed Unicode';
      rest.push({ value: member, depth: depth + 1 });
    }
  }
  return undefined;
}

/** An array, or an object without a class of its own; in whichever realm it was made. */
function isPlain(item: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(item);
  return Array.isArray(item) || prototype === null || Object.getPrototypeOf(prototype as object) === null;
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const isWellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);
