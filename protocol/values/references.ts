import { outsideOf, type ToolResult } from '../call.ts';
import type { Json, JsonObject } from './json.ts';
import { isObject } from './json.ts';
import { isRef } from './payload.ts';
import type { PlanStep } from '../spec.ts';

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

/** The names that any step of a plan refers to: their results are kept. */
export const namesUsedBy = (plan: readonly PlanStep[]): ReadonlySet<string> =>
  new Set(
    plan
      .flatMap((step): readonly PlanStep[] => ('parallel' in step ? step.parallel : [step]))
      .flatMap((leaf) => ('call' in leaf ? referencesIn(leaf.args ?? {}).map(({ name }) => name) : [])),
  );

type Results = { readonly [name: string]: ToolResult | null };
type Resolved = { readonly ok: true; readonly args: JsonObject } | { readonly ok: false; readonly problem: string };

class Missing extends Error {}

/** Arguments with references put in: a string that is one reference takes the value as it is, others take its text. */
export function resolveArgs(args: JsonObject, results: Results): Resolved {
  try {
    return { ok: true, args: resolve(args, results) as JsonObject };
  } catch (error) {
    if (error instanceof Missing) return { ok: false, problem: error.message };
    throw error;
  }
}

function resolve(value: Json, results: Results): Json {
  if (typeof value === 'string') return resolveText(value, results);
  if (Array.isArray(value)) return value.map((item) => resolve(item, results));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value as JsonObject).map(([key, item]) => [key, resolve(item, results)]));
  return value;
}

function resolveText(text: string, results: Results): Json {
  const whole = [...text.matchAll(REFERENCE)];
  if (whole.length === 1 && whole[0]?.[0] === text && whole[0][2] !== undefined)
    return look(toReference(whole[0][2], whole[0][3] ?? ''), results);
  return text.replace(REFERENCE, (_all, escaped: string | undefined, name: string, path: string) => {
    if (escaped) return escaped;
    const found = look(toReference(name, path), results);
    return typeof found === 'string' ? found : JSON.stringify(found);
  });
}

function look({ name, path }: Reference, results: Results): Json {
  const result = Object.hasOwn(results, name) ? results[name] : undefined;
  const outside = isObject(result) ? outsideOf(result) : undefined;
  if (isRef(outside))
    throw new Missing(
      `\${${[name, ...path].join('.')}} cannot be taken from the result of ${name}: its ${outside.bytes} bytes ` +
        `are kept outside history`,
    );
  let value: unknown = result;
  for (const key of path)
    value =
      (isObject(value) || Array.isArray(value)) && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined;
  if (value === undefined || value === null)
    throw new Missing(`\${${[name, ...path].join('.')}} is not in the result of ${name}`);
  return value as Json;
}

const toReference = (name: string, path: string): Reference => ({
  name,
  path: path === '' ? [] : path.slice(1).split('.'),
});
