/** Where something stands in a file of rules; lines and columns from 1, columns in characters. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly col: number;
}

/** @param offset in characters; in bytes of UTF-8, as Cedar counts, where `isBytes` */
export function at(file: string, text: string, offset: number, isBytes = false): Place {
  const before = isBytes ? Buffer.from(text).subarray(0, offset).toString('utf8') : text.slice(0, offset);
  const lines = before.split('\n');
  return { file, line: lines.length, col: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Parts of a text with where each begins, in the order of the text; a part that stands there twice is found twice. */
export function whereIn(
  text: string,
  parts: readonly string[],
): readonly { readonly source: string; readonly offset: number }[] {
  const next = new Map<string, number>();
  return parts
    .map((source) => {
      const offset = text.indexOf(source, next.get(source) ?? 0);
      next.set(source, offset + source.length);
      return { source, offset: Math.max(0, offset) };
    })
    .sort((a, b) => a.offset - b.offset);
}
