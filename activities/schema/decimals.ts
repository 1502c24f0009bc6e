import { isObject } from '../../protocol/values/json.ts';

/** Schemas within a schema that are looked at, and how deep. */
const MOST = 500;
const DEPTH = 6;

/**
 * Paths of arguments that a schema calls `number`, such as `amount` or `items[].price`. The schema comes from a server:
 * the work is bounded, and what lies beyond is not found.
 */
export function decimalsIn(schema: unknown): readonly string[] {
  const found = new Set<string>();
  let left = MOST;
  const look = (part: unknown, path: string, depth: number): void => {
    if (!isObject(part) || depth > DEPTH || (left -= 1) < 0) return;
    if ([part.type].flat().includes('number') && path !== '') found.add(path);
    if (isObject(part.properties))
      for (const [name, each] of Object.entries(part.properties))
        look(each, path === '' ? name : `${path}.${name}`, depth + 1);
    look(part.items, `${path}[]`, depth + 1);
    for (const all of [part.anyOf, part.oneOf, part.allOf])
      if (Array.isArray(all)) for (const each of all) look(each, path, depth + 1);
  };
  look(schema, '', 0);
  return [...found].sort();
}
