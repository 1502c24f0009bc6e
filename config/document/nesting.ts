import { CST, Parser } from 'yaml';
import type { LineCounter } from 'yaml';

/** Lists and mappings within each other, at most. */
export const DEPTH = 64;

/**
 * Offset at which a YAML text nests deeper than `DEPTH`, if it does. To be asked before the text is composed:
 * composing recurses, and V8 ends the process when it has to compile a pattern with the stack nearly full.
 * Fills `lines` on the way.
 */
export function tooDeepAt(text: string, lines: LineCounter): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const document of new Parser(lines.addNewLine).parse(text)) {
    if (document.type === 'document' && document.value) open.push({ token: document.value, depth: 1 });
  }
  for (let next = open.pop(); next; next = open.pop()) {
    if (!CST.isCollection(next.token)) continue;
    if (next.depth > DEPTH) return next.token.offset;
    for (const { key, value } of next.token.items) {
      for (const token of [key, value]) if (token) open.push({ token, depth: next.depth + 1 });
    }
  }
  return undefined;
}
