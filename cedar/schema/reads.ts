import type { PolicyJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { isObject } from '../../protocol/values/json.ts';
import { join, membersOf, type Typed } from './typing.ts';

/** A value that a rule looks at, as a way from a variable: `context`, `args`, `path`. */
export interface Look {
  readonly way: readonly string[];
  /** The value is used; else the rule asks only whether it is there. */
  readonly isUsed: boolean;
}

/** What a rule looks at and names, from its form in JSON. */
export interface Reads {
  readonly looks: readonly Look[];
  readonly entities: readonly TypeAndId[];
  /** Words that a value is compared with. */
  readonly words: readonly { readonly way: readonly string[]; readonly word: string }[];
}

export function readsOf({ principal, action, resource, conditions }: PolicyJson): Reads {
  const looks: Look[] = [];
  const entities: TypeAndId[] = [];
  const words: { way: readonly string[]; word: string }[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (!isObject(node)) return;
    if (isEntity(node)) return void entities.push(node);
    words.push(...comparedIn(node));
    const look = lookOf(node);
    if (look) looks.push(look);
    else Object.values(node).forEach(visit);
  };
  [principal, action, resource, conditions].forEach(visit);
  return { looks, entities, words };
}

/** Why nothing can be said of a rule that looks at an argument; undefined where types tell. @param way in `args` */
export function whyUnchecked({ attributes, unchecked }: Typed, { way, isUsed }: Look): string | undefined {
  const all = unchecked.get('');
  if (all !== undefined) return all;
  let [path, record] = ['', attributes];
  for (const name of way) {
    const here = join(path, name);
    const why = unchecked.get(here);
    if (why !== undefined) return why;
    const found = Object.hasOwn(record, name) ? record[name] : undefined;
    if (!found) return unchecked.get(join(path, '*'));
    path = here;
    record = membersOf(found) ?? {};
  }
  if (!isUsed) return undefined;
  const inside = [...unchecked].find(
    ([each]) => path === '' || each.startsWith(`${path}.`) || each.startsWith(`${path}[]`),
  );
  return inside?.[1];
}

const isEntity = (node: object): node is TypeAndId =>
  'type' in node && 'id' in node && typeof node.type === 'string' && typeof node.id === 'string';

function lookOf(node: { readonly [key: string]: unknown }): Look | undefined {
  const way = wayOf(node);
  if (way) return { way, isUsed: true };
  if (!isObject(node.has)) return undefined;
  const holder = wayOf(node.has.left);
  return holder && { way: [...holder, ...[node.has.attr].flat().map(String)], isUsed: false };
}

export function wayOf(node: unknown): readonly string[] | undefined {
  if (!isObject(node)) return undefined;
  if (typeof node.Var === 'string') return [node.Var];
  const dot = node['.'];
  if (!isObject(dot)) return undefined;
  const holder = wayOf(dot.left);
  return holder && [...holder, String(dot.attr)];
}

/** `a == "b"`, `"b" != a` and `["b", "c"].contains(a)`. */
function comparedIn(node: { readonly [key: string]: unknown }): readonly { way: readonly string[]; word: string }[] {
  const operands = node['=='] ?? node['!='] ?? node.contains;
  if (!isObject(operands)) return [];
  const sides = [operands.left, operands.right];
  const way = sides.map(wayOf).find((each) => each !== undefined);
  return way ? sides.flatMap(textsOf).map((word) => ({ way, word })) : [];
}

/** Texts of a literal, or of a set of them. */
export function textsOf(node: unknown): readonly string[] {
  if (!isObject(node)) return [];
  if (Array.isArray(node.Set)) return node.Set.flatMap(textsOf);
  return [node.Value].flat().filter((value): value is string => typeof value === 'string');
}
