import { digestOf } from '../values/digest.ts';

/** What a server lists now, as the outcome of an attempt tells it where that is news. */
export interface ListedNow {
  /** See `digestOfTools`. */
  readonly digest: string;
  /** Its tools by name, with the beginnings of their hashes; absent where they are too many to be told. */
  readonly tools?: { readonly [name: string]: string };
}

/** Hexadecimal digits that tell one definition from another. */
const SHORT = 16;
/** Characters of names that are told. */
const MOST = 8 * 1024;

export const shortHash = (hash: string): string => hash.slice(0, SHORT);

/** What tells one listing from another. @param tools by name, with the hashes of their definitions */
export const digestOfTools = (tools: { readonly [name: string]: string }): string =>
  shortHash(digestOf(shortened(tools)));

/** The same with what it lists. */
export function listedNow(tools: { readonly [name: string]: string }): ListedNow {
  const names = Object.keys(tools);
  const length = names.reduce((sum, name) => sum + name.length + SHORT, 0);
  return { digest: digestOfTools(tools), ...(length > MOST ? {} : { tools: shortened(tools) }) };
}

const shortened = (tools: { readonly [name: string]: string }): { readonly [name: string]: string } =>
  Object.fromEntries(Object.entries(tools).map(([name, hash]) => [name, shortHash(hash)]));
