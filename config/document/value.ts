import { LIMITS } from '../../protocol/limits.ts';
import { DEPTH } from './nesting.ts';
import { type Document, unreadable } from './document.ts';
import type { Problem } from './problems.ts';
import type { Path } from '../../protocol/values/check.ts';

/** Each node is at least two bytes of JSON, so a larger value is too large as text, too. */
const NODES = LIMITS.specBytes / 2;

/**
 * A value that a program passed, as a JSON value of its own. Properties that are undefined are left out, as JSON does.
 * Never throws, whatever the value is.
 */
export function readValue(value: unknown, name: string): Document {
  const problems: Problem[] = [];
  let nodes = 0;
  const copy = (item: unknown, path: Path): unknown => {
    if (++nodes > NODES || path.length > DEPTH) throw new RangeError();
    if (item === null || typeof item === 'boolean' || (typeof item === 'string' && !/\p{Cs}/u.test(item))) return item;
    if (typeof item === 'number' && Number.isFinite(item)) return item;
    if (Array.isArray(item) && item.length > NODES) throw new RangeError();
    if (Array.isArray(item)) return Array.from(item as unknown[], (member, index) => copy(member, [...path, index]));
    if (typeof item === 'object' && isPlain(item)) {
      const entries = Object.entries(item).filter(([key, member]) => member !== undefined && !isForbidden(key, path));
      return Object.fromEntries(entries.map(([key, member]) => [key, copy(member, [...path, key])]));
    }
    problems.push({ path, message: `is no JSON value (${describe(item)})` });
    return null;
  };
  const isForbidden = (key: string, path: Path): boolean => {
    const wrong = key === '__proto__' || /\p{Cs}/u.test(key);
    if (wrong) problems.push({ path: [...path, key], message: 'is a key that objects cannot carry; use another name' });
    return wrong;
  };
  try {
    return { name, value: copy(value, []), problems, locate: () => undefined };
  } catch (error) {
    return unreadable(
      name,
      error instanceof RangeError
        ? `is too large, nested more than ${DEPTH} levels deep, or contains itself`
        : 'cannot be read',
    );
  }
}

const isPlain = (item: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(item);
  return prototype === null || Object.getPrototypeOf(prototype as object) === null;
};

function describe(item: unknown): string {
  if (typeof item === 'string') return 'text with half a surrogate pair';
  if (typeof item === 'number') return 'a number that is not finite';
  return typeof item === 'object' ? 'an object with a class of its own' : typeof item;
}
