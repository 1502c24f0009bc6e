import { endOfString } from './numbers/exact.ts';

/** A member of a JSON object, or an element of a list: then without a name. */
export interface Part {
  readonly name: string | undefined;
  readonly text: string;
}

/** What a JSON text consists of, each part as it stands there. @param text that of an object or a list, and valid */
export function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth === 1) start = at + 1;
    } else if ((char === ',' && depth === 1) || char === '}' || char === ']') {
      if (depth === 1) parts.push(readPart(text.slice(start, at).trim()));
      if (char === ',') start = at + 1;
      else depth -= 1;
    }
  }
  return parts.filter((part) => part.text !== '');
}

/** A name stands before a colon; a list has no colons beside its strings. */
function readPart(part: string): Part {
  const end = part.startsWith('"') ? endOfString(part, 0) : 0;
  const rest = part.slice(end).trimStart();
  return end > 0 && rest.startsWith(':')
    ? { name: JSON.parse(part.slice(0, end)) as string, text: rest.slice(1).trim() }
    : { name: undefined, text: part };
}
