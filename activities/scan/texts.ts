import { MOST_PATH } from '../../protocol/incidents/scan.ts';
import { isObject, type Json, type JsonObject } from '../../protocol/values/json.ts';
import type { Span } from './rules.ts';

/** A text of a value, and where it stands in all of its texts. */
export interface Piece extends Span {
  /** A name in an object, or a value; a number is one by its digits. */
  readonly is: 'name' | 'value';
}

/** All texts of a value, in one: no rule finds anything over the borders between them. */
export interface Texts {
  readonly text: string;
  /** In the order of the text, which is that in which `mapTexts` goes. */
  readonly pieces: readonly Piece[];
}

/** Between texts that have nothing to do with each other. */
const BORDER = '\n\u0000\n';
/** Whole numbers of so many digits may be more than numbers. */
const LONG = 1e11;

/** A name and its text stand together, as `name=text`: some secrets are known by the name alone. */
export function textsOf(value: Json): Texts {
  const parts: string[] = [];
  const pieces: Piece[] = [];
  let at = 0;
  const add = (text: string, is: Piece['is'], after: string): void => {
    parts.push(text, after);
    pieces.push({ is, start: at, end: at + text.length });
    at += text.length + after.length;
  };
  walk(value, {
    name: (name, item) => add(name, 'name', textIn(item) === undefined ? BORDER : '='),
    value: (text) => add(text, 'value', BORDER),
  });
  return { text: parts.join(''), pieces };
}

function walk(
  value: Json,
  visit: { readonly name: (name: string, item: Json) => void; readonly value: (text: string) => void },
): void {
  const text = textIn(value);
  if (text !== undefined) return visit.value(text);
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isObject(value))
    for (const [name, item] of Object.entries(value as JsonObject)) {
      visit.name(name, item);
      walk(item, visit);
    }
}

const textIn = (value: Json): string | undefined =>
  typeof value === 'string' ? value : isLong(value) ? String(value) : undefined;

const isLong = (value: Json): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= LONG;

/** A value with others in place of its texts, and where each of them stands. */
export function mapTexts(
  value: Json,
  replace: (piece: number, text: string, path: string, is: Piece['is']) => string,
): Json {
  let piece = 0;
  const go = (each: Json, path: string): Json => {
    const text = textIn(each);
    if (text !== undefined) {
      const next = replace(piece++, text, path.slice(0, MOST_PATH), 'value');
      return next === text ? each : next;
    }
    if (Array.isArray(each)) return each.map((item, index) => go(item, `${path}[${index}]`));
    if (!isObject(each)) return each;
    const entries: [string, Json][] = [];
    const taken = new Set<string>();
    for (const [name, item] of Object.entries(each as JsonObject)) {
      const shown = replace(piece++, name, `${path} (a name)`.slice(0, MOST_PATH), 'name');
      const free = taken.has(shown) ? `${shown} ${taken.size}` : shown;
      taken.add(free);
      entries.push([free, go(item, path.length > MOST_PATH ? path : `${path}${step(free)}`)]);
    }
    return Object.fromEntries(entries);
  };
  return go(value, '$');
}

const step = (name: string): string =>
  /^[A-Za-z_]\w{0,60}$/.test(name) ? `.${name}` : `[${JSON.stringify(name.slice(0, 60))}]`;
