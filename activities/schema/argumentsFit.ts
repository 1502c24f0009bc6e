import { canonical } from '../../protocol/values/digest.ts';
import { isObject, type Json, type JsonObject } from '../../protocol/values/json.ts';
import { didYouMean, listed, quote } from '../../protocol/values/text.ts';

/**
 * What is wrong with the arguments of a tool by its schema, in words; undefined where nothing is.
 *
 * The schema comes from a server, so the work is bounded by the sizes of the arguments and the schema together: `type`,
 * `enum`, `const`, `required`, `properties`, `additionalProperties: false` and `items` are followed (JSON Schema
 * 2020-12, Validation 6; Core 10.3). Patterns, references and combinations are left to the server.
 */
export function problemOfArguments(args: JsonObject, schema: unknown): string | undefined {
  if (!isObject(schema) || '$ref' in schema) return undefined;
  return problemOfObject(args, schema, '') ?? mistyped(args, schema);
}

function problemOf(value: Json, schema: unknown, path: string): string | undefined {
  // A boolean says all or nothing, and no server means nothing; beside a reference, older drafts ignore the rest.
  if (!isObject(schema) || '$ref' in schema || (value === null && schema.nullable === true)) return undefined;
  const types = [schema.type].flat().filter((type) => typeof type === 'string' && KNOWN.has(type)) as string[];
  if (types.length > 0 && !types.some((type) => isOf(value, type)))
    return `${quote(path)} must be ${types.join(' or ')}, and is ${typeOf(value)}`;
  const allowed = 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [];
  if (allowed.length > 0 && allowed.length <= MOST && !isAmong(value, allowed))
    return `${quote(path)} must be one of ${allowed.slice(0, SHOWN).map(shown).join(', ')}`;
  if (Array.isArray(value)) {
    // Behind `prefixItems`, and in lists of older drafts, `items` says less.
    if ('prefixItems' in schema) return undefined;
    return firstOf(value, (item, index) => problemOf(item, schema.items, `${path}[${index}]`));
  }
  return isObject(value) ? problemOfObject(value as JsonObject, schema, path) : undefined;
}

function problemOfObject(value: JsonObject, schema: Schema, path: string): string | undefined {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const { required, additionalProperties, patternProperties } = schema;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const names = Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
  const missing = names.filter((name) => !Object.hasOwn(value, name));
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(properties, name));
  const isClosed = additionalProperties === false && patternProperties === undefined;
  if (missing.length > 0) {
    const [near] = unknown;
    const what = listed(missing.slice(0, SHOWN).map((name) => quote(at(name))));
    const instead = `; there is ${quote(at(near ?? ''))}, which it does not know${meant(near ?? '', missing)}`;
    return `${what} ${missing.length === 1 ? 'is' : 'are'} missing${near === undefined ? '' : instead}`;
  }
  if (isClosed && unknown[0] !== undefined) {
    const hint = meant(unknown[0], Object.keys(properties)) || `; it knows ${known(properties)}`;
    return `it knows no ${quote(at(unknown[0]))}${hint}`;
  }
  return firstOf(Object.entries(value), ([name, each]) =>
    Object.hasOwn(properties, name) ? problemOf(each, properties[name], at(name)) : undefined,
  );
}

/** A name that an open schema does not know, close to one that it knows and that is not given. */
function mistyped(args: JsonObject, schema: Schema): string | undefined {
  const { properties } = schema;
  if (!isObject(properties) || OPEN.some((key) => key in schema)) return undefined;
  const absent = Object.keys(properties).filter((name) => !Object.hasOwn(args, name));
  const unknown = Object.keys(args).filter((name) => !Object.hasOwn(properties, name));
  return firstOf(unknown.slice(0, SHOWN), (name) => {
    const hint = meant(name, absent);
    return hint === '' ? undefined : `it knows no ${quote(name)}${hint}`;
  });
}

type Schema = Record<string, unknown>;

/** Members of a schema that say of other names what they are. */
const OPEN = ['additionalProperties', 'patternProperties', 'anyOf', 'oneOf', 'allOf', 'if'] as const;
const KNOWN: ReadonlySet<string> = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']);
/** Of names and values that are listed, and that are looked at for mistyped ones. */
const SHOWN = 10;
/** Values and names beyond which nothing is compared: the worker has other calls to make. */
const MOST = 200;

const meant = (name: string, names: readonly string[]): string => didYouMean(name, names.slice(0, MOST));

function isAmong(value: Json, allowed: readonly unknown[]): boolean {
  if (!isObject(value) && !Array.isArray(value)) return allowed.includes(value);
  const text = canonical(value);
  return allowed.some((each) => typeof each === 'object' && canonical(each as Json) === text);
}

const known = (properties: object): string =>
  Object.keys(properties).slice(0, SHOWN).map(quote).join(', ') || 'no arguments';
const shown = (value: unknown): string => quote(typeof value === 'string' ? value : JSON.stringify(value));

const typeOf = (value: Json): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const isOf = (value: Json, type: string): boolean =>
  type === 'integer' ? typeof value === 'number' && Number.isInteger(value) : typeOf(value) === type;

/** The first problem that one of them has. */
function firstOf<T>(each: readonly T[], problem: (item: T, index: number) => string | undefined): string | undefined {
  for (const [index, item] of each.entries()) {
    const found = problem(item, index);
    if (found !== undefined) return found;
  }
  return undefined;
}
