import { outsideOf, type ToolResult } from '../calls/result.ts';
import { type Json, type JsonObject, isObject, problemOfJson } from './json.ts';
import { replaceAltered } from './numbers/exact.ts';
import { isRef } from './payload.ts';
import { REDACTED } from './redacted.ts';

/** `${name.path.to.0.part}`; `$${` stands for a literal `${`. */
const REFERENCE = /\$(\$\{)|\$\{([A-Za-z_][\w-]*)((?:\.[^.{}]+)*)\}/g;

export interface Reference {
  readonly name: string;
  readonly path: readonly string[];
}

/** All references in a value, in the order in which they stand. */
export function referencesIn(value: Json): readonly Reference[] {
  if (typeof value === 'string') {
    return [...value.matchAll(REFERENCE)]
      .filter((match) => match[2] !== undefined)
      .map((match) => toReference(match[2] as string, match[3] ?? ''));
  }
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isObject(value) ? Object.values(value as JsonObject).flatMap(referencesIn) : [];
}

type Results = { readonly [name: string]: ToolResult | null | undefined };
/** Values that are no results. */
type Values = { readonly [name: string]: Json };
type Resolved = { readonly ok: true; readonly args: JsonObject } | { readonly ok: false; readonly problem: string };

class Missing extends Error {}

/** Arguments with references put in: a string that is one reference takes the value as it is, others take its text. */
export function resolveArgs(args: JsonObject, results: Results, values: Values = {}): Resolved {
  const lookUp = (reference: Reference): Json =>
    Object.hasOwn(values, reference.name)
      ? found(reference, at(values[reference.name], reference.path))
      : inResult(reference, Object.hasOwn(results, reference.name) ? results[reference.name] : undefined);
  try {
    return { ok: true, args: resolve(args, lookUp) as JsonObject };
  } catch (error) {
    if (error instanceof Missing) return { ok: false, problem: error.message };
    throw error;
  }
}

type LookUp = (reference: Reference) => Json;

function resolve(value: Json, lookUp: LookUp): Json {
  if (typeof value === 'string') return resolveText(value, lookUp);
  if (Array.isArray(value)) return value.map((item) => resolve(item, lookUp));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, resolve(item, lookUp)]));
  return value;
}

function resolveText(text: string, lookUp: LookUp): Json {
  const whole = [...text.matchAll(REFERENCE)];
  if (whole.length === 1 && whole[0]?.[0] === text && whole[0][2] !== undefined)
    return lookUp(toReference(whole[0][2], whole[0][3] ?? ''));
  return text.replace(REFERENCE, (_all, escaped: string | undefined, name: string, path: string) => {
    if (escaped) return escaped;
    const value = lookUp(toReference(name, path));
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function inResult(reference: Reference, result: ToolResult | null | undefined): Json {
  const outside = result ? outsideOf(result) : undefined;
  if (isRef(outside))
    throw new Missing(
      `${inWords(reference)} cannot be taken from the result of ${reference.name}: its ${outside.bytes} bytes ` +
        `are kept outside history`,
    );
  if (result && 'exact' in result && result.exact !== undefined && isAltered(result, result.exact, reference.path))
    throw new Missing(
      `${inWords(reference)} cannot be taken from the result of ${reference.name}: it holds a number or a text ` +
        'that would not be handed on as the server gave it',
    );
  const said = found(reference, at(result, reference.path));
  if (JSON.stringify(said).includes(REDACTED))
    throw new Missing(
      `${inWords(reference)} cannot be taken from the result of ${reference.name}: it held a secret of its server, ` +
        'which is left out',
    );
  return said;
}

/** Is what stands there in a result, or anything in it, not what its server said? */
function isAltered(result: ToolResult, exact: string, path: readonly string[]): boolean {
  const marked = JSON.parse(replaceAltered(exact, () => JSON.stringify(ALTERED))) as Json;
  const said = at('raw' in result ? { raw: marked } : { ...(marked as JsonObject), more: marked }, path);
  return said !== undefined && (problemOfJson(said) !== undefined || JSON.stringify(said).includes(ALTERED));
}

/** Stands for an altered number. A server that says it itself only keeps its own value from being handed on. */
const ALTERED = 'custody: an altered number';

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce(
    (inner, key) =>
      (isObject(inner) || Array.isArray(inner)) && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

function found(reference: Reference, value: unknown): Json {
  if (value === undefined || value === null)
    throw new Missing(`${inWords(reference)} is not in the result of ${reference.name}`);
  return value as Json;
}

const inWords = ({ name, path }: Reference): string => `\${${[name, ...path].join('.')}}`;

const toReference = (name: string, path: string): Reference => ({
  name,
  path: path === '' ? [] : path.slice(1).split('.'),
});
