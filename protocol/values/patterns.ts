/**
 * What is said of a name, by its own or by a beginning of it and `*`: the most exact first, which is its own name, then
 * patterns, the longest first.
 */
export function matching<T>(said: { readonly [pattern: string]: T }, name: string): (readonly [string, T])[] {
  return Object.entries(said)
    .filter(([key]) => (key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : key === name))
    .sort(([a], [b]) => Number(a.endsWith('*')) - Number(b.endsWith('*')) || b.length - a.length);
}

/** The same in one: for each field the most exact that sets it wins. */
export const merged = <T extends object>(said: { readonly [pattern: string]: T }, name: string): T =>
  Object.assign(
    {},
    ...matching(said, name)
      .map(([, each]) => each)
      .reverse(),
  ) as T;
