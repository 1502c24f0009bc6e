import { canonical } from '../protocol/values/digest.ts';
import { isObject, type Json, type JsonObject } from '../protocol/values/json.ts';
import { didYouMean, listed, quote } from '../protocol/values/text.ts';

/**
 * What is wrong with the arguments of a tool by its schema, in words; undefined where nothing is.
 *
 * The schema comes from a server, so the work is bounded by the size of the arguments: `type`, `enum`, `const`,
 * `required`, `properties`, `additionalProperties: false` and `items` are followed (JSON Schema 2020-12, Validation 6;
 * Core 10.3). Patterns, references and combinations are left to the server.
 */
export function problemOfArguments(args: JsonObject, schema: unknown): string | undefined {
  return problemOf(args, schema, '') ?? mistyped(args, schema);
}

function problemOf(value: Json, schema: unknown, path: string): string | undefined {
  // A boolean says all or nothing, and no server means nothing; beside a reference, older drafts ignore the rest.
  if (!isObject(schema) || '$ref' in schema || (value === null && schema.nullable === true)) return undefined;
  const where = path === '' ? 'the arguments' : quote(path);
  const types = [schema.type].flat().filter((type) => typeof type === 'string' && KNOWN.has(type)) as string[];
  if (types.length > 0 && !types.some((type) => isOf(value, type)))
    return `${where} must be ${types.join(' or ')}, and is ${typeOf(value)}`;
  const allowed = 'const' in schema ? [schema.const] : Array.isArray(schema.enum) ? (schema.enum as unknown[]) : [];
  if (allowed.length > 0 && !allowed.some((each) => canonical(each as Json) === canonical(value)))
    return `${where} must be ${allowed.length === 1 ? '' : 'one of '}${allowed.slice(0, SHOWN).map(shown).join(', ')}`;
  if (Array.isArray(value)) return firstOf(value, (item, index) => problemOf(item, schema.items, `${path}[${index}]`));
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
    const instead = `; there is ${quote(at(near ?? ''))}, which it does not know${didYouMean(near ?? '', missing)}`;
    return `${what} ${missing.length === 1 ? 'is' : 'are'} missing${near === undefined ? '' : instead}`;
  }
  if (isClosed && unknown[0] !== undefined) {
    const hint = didYouMean(unknown[0], Object.keys(properties)) || `; it knows ${known(properties)}`;
    return `it knows no ${quote(at(unknown[0]))}${hint}`;
  }
  return firstOf(Object.entries(value), ([name, each]) =>
    Object.hasOwn(properties, name) ? problemOf(each, properties[name], at(name)) : undefined,
  );
}

/** A name that an open schema does not know, close to one that it knows and that is not given. */
function mistyped(args: JsonObject, schema: unknown): string | undefined {
  if (!isObject(schema) || !isObject(schema.properties) || OPEN.some((key) => key in schema)) return undefined;
  const names = Object.keys(schema.properties);
  const absent = names.filter((name) => !Object.hasOwn(args, name));
  return firstOf(Object.keys(args), (name) => {
    const hint = names.includes(name) ? '' : didYouMean(name, absent);
    return hint === '' ? undefined : `it knows no ${quote(name)}${hint}`;
  });
}

type Schema = Record<string, unknown>;

/** Members of a schema that say of other names what they are. */
const OPEN = ['additionalProperties', 'patternProperties', 'anyOf', 'oneOf', 'allOf', 'if', '$ref'] as const;
const KNOWN: ReadonlySet<string> = new Set(['null', 'boolean', 'object', 'array', 'number', 'string', 'integer']);
/** Of names and values that are listed. */
const SHOWN = 10;

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
