import type { Type, TypeOfAttribute } from '@cedar-policy/cedar-wasm/nodejs';
import { isObject } from '../../protocol/values/json.ts';

export type Attributes = Readonly<Record<string, TypeOfAttribute<string>>>;

/** The arguments of a tool in types of Cedar, as far as its JSON Schema tells. */
export interface Typed {
  readonly attributes: Attributes;
  /**
   * Why rules that look there cannot be checked, by path, such as `filter.value`; '' stands for all arguments, and
   * `filter.*` for what else may stand in `filter`.
   */
  readonly unchecked: ReadonlyMap<string, string>;
}

/** Schemas within a schema that are looked at, and how deep; servers are not trusted. */
const MOST = 2000;
const DEPTH = 8;

/** Keywords by which a value may be of another kind than `type` says. */
const BEYOND = ['$ref', '$dynamicRef', 'allOf', 'not', 'if'] as const;

type Found = { readonly type: Type<string>; readonly isNullable: boolean } | { readonly why: string };

/** @param decimals see `ToolPin.decimals`: the same paths are decimals when a call is decided */
export function typed(schema: unknown, decimals: readonly string[]): Typed {
  const typing = new Typing(new Set(decimals));
  const found = typing.record(schema);
  if ('why' in found) return { attributes: {}, unchecked: new Map([['', found.why]]) };
  return { attributes: found.attributes, unchecked: typing.unchecked };
}

class Typing {
  readonly unchecked = new Map<string, string>();
  readonly #decimals: ReadonlySet<string>;
  #left = MOST;

  constructor(decimals: ReadonlySet<string>) {
    this.#decimals = decimals;
  }

  /** All arguments. */
  record(schema: unknown): { readonly attributes: Attributes } | { readonly why: string } {
    if (!isObject(schema)) return { why: 'the tool has no schema of its arguments' };
    const beyond = beyondIn(schema);
    if (beyond !== undefined || schema.anyOf !== undefined || schema.oneOf !== undefined)
      return { why: `the schema of the tool uses ${beyond ?? 'alternatives'}` };
    return { attributes: this.#attributes(schema, '', 0) };
  }

  #of(schema: unknown, path: string, depth: number): Found {
    if (!isObject(schema)) return { why: 'its schema says nothing of it' };
    if (depth > DEPTH || (this.#left -= 1) < 0) return { why: 'the schema of the tool is too large' };
    const beyond = beyondIn(schema);
    if (beyond !== undefined) return { why: `its schema uses ${beyond}` };
    const alternatives = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(alternatives)) return this.#oneOf(alternatives, path, depth);
    const kinds = kindsOf(schema);
    const isNullable = kinds.includes('null');
    const [kind, ...more] = new Set(kinds.filter((each) => each !== 'null').map(asNumber));
    if (kind === undefined) return { why: 'its schema does not say of what kind it is' };
    if (more.length > 0) return { why: 'it may be of several kinds' };
    const type = this.#typeOf(kind, schema, path, depth, kinds.includes('number'));
    return typeof type === 'string' ? { why: type } : { type, isNullable };
  }

  #typeOf(
    kind: string,
    schema: { readonly [key: string]: unknown },
    path: string,
    depth: number,
    isFraction: boolean,
  ): Type<string> | string {
    if (kind === 'string') return { type: 'String' };
    if (kind === 'boolean') return { type: 'Boolean' };
    if (kind === 'integer') {
      if (this.#decimals.has(path)) return { type: 'Extension', name: 'decimal' };
      return isFraction ? 'it may have a fraction or not' : { type: 'Long' };
    }
    if (kind === 'array') {
      const item = this.#of(schema.items, `${path}[]`, depth + 1);
      return 'why' in item ? `of its items, ${item.why}` : { type: 'Set', element: item.type };
    }
    if (kind !== 'object') return `its schema says that it is ${kind}`;
    const attributes = this.#attributes(schema, path, depth);
    const isFree = Object.keys(attributes).length === 0;
    return isFree ? 'its schema does not say what stands in it' : { type: 'Record', attributes };
  }

  #attributes(schema: { readonly [key: string]: unknown }, path: string, depth: number): Attributes {
    const { properties, required, additionalProperties, patternProperties } = schema;
    const needed = Array.isArray(required) ? required : [];
    if ((additionalProperties !== undefined && additionalProperties !== false) || patternProperties !== undefined)
      this.unchecked.set(join(path, '*'), 'the schema of the tool lets anything stand there');
    const entries = Object.entries(isObject(properties) ? properties : {}).flatMap(([name, each]) => {
      const here = join(path, name);
      const found = this.#of(each, here, depth + 1);
      if ('why' in found) {
        this.unchecked.set(here, found.why);
        return [];
      }
      return [[name, { ...found.type, required: needed.includes(name) && !found.isNullable }] as const];
    });
    return Object.fromEntries(entries);
  }

  /** Alternatives that come to the same are no alternatives. */
  #oneOf(alternatives: readonly unknown[], path: string, depth: number): Found {
    const isNull = (each: unknown): boolean => isObject(each) && each.type === 'null';
    const [first, ...more] = alternatives
      .filter((each) => !isNull(each))
      .map((each) => this.#of(each, path, depth + 1));
    if (!first || 'why' in first) return first ?? { why: 'its schema does not say of what kind it is' };
    const isSame = more.every((each) => 'type' in each && JSON.stringify(each.type) === JSON.stringify(first.type));
    if (!isSame) return { why: 'it may be of several kinds' };
    return { type: first.type, isNullable: first.isNullable || alternatives.some(isNull) };
  }
}

/** What stands in a record. */
export const membersOf = (type: Type<string>): Attributes | undefined =>
  'attributes' in type ? (type.attributes as Attributes) : undefined;

export const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const beyondIn = (schema: object): string | undefined => BEYOND.find((word) => Object.hasOwn(schema, word));

/** A number is a decimal by its path, or it is whole. */
const asNumber = (kind: string): string => (kind === 'number' ? 'integer' : kind);

/** The kinds that JSON Schema knows, of values that the schema takes. */
function kindsOf({ type, enum: choices, const: only }: { readonly [key: string]: unknown }): readonly string[] {
  if (type !== undefined) return [type].flat().map(String);
  const values = Array.isArray(choices) ? (choices as readonly unknown[]) : only === undefined ? [] : [only];
  return values.map((value) => {
    if (value === null) return 'null';
    if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
    return Array.isArray(value) ? 'array' : typeof value;
  });
}
