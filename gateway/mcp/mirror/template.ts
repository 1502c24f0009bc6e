/** Characters of a URI, and parts of a template, beyond which nothing is said to fit. */
const URI_LENGTH = 2048;
const PARTS = 64;

/** A text as it stands, or a variable: what it begins with, and the characters of which it has at least one. */
type Part =
  string | { readonly prefix: string; readonly isOptional: boolean; readonly takes: (char: string) => boolean };

const ANY = (): boolean => true;
const SEGMENT = (char: string): boolean => char !== '/';

/**
 * Does a URI fit a template of RFC 6570? Tells likely servers of a resource from others, so a variable may have more
 * than the RFC would put there, and a query may be left out. Both come from outside: it takes the product of their
 * lengths at most, and never what a regular expression may take that goes back.
 */
export function fitsTemplate(template: string, uri: string): boolean {
  const parts = uri.length <= URI_LENGTH ? partsOf(template) : undefined;
  if (!parts || parts.length > PARTS) return false;
  let ends: ReadonlySet<number> = new Set([0]);
  for (const part of parts) {
    ends = typeof part === 'string' ? after(uri, ends, part) : afterVariable(uri, ends, part);
    if (ends.size === 0) return false;
  }
  return ends.has(uri.length);
}

/** The places behind a text, from each place where it stands. */
const after = (uri: string, ends: ReadonlySet<number>, text: string): ReadonlySet<number> =>
  new Set([...ends].filter((at) => uri.startsWith(text, at)).map((at) => at + text.length));

function afterVariable(
  uri: string,
  ends: ReadonlySet<number>,
  { prefix, isOptional, takes }: Exclude<Part, string>,
): ReadonlySet<number> {
  const starts = after(uri, ends, prefix);
  const found = new Set(isOptional ? ends : []);
  let isInside = false;
  for (let at = 0; at < uri.length; at += 1) {
    isInside = (isInside || starts.has(at)) && takes(uri.charAt(at));
    if (isInside) found.add(at + 1);
  }
  return found;
}

/** Undefined for what is no template. */
function partsOf(template: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  for (let at = 0; at < template.length && parts.length <= PARTS;) {
    const open = template.indexOf('{', at);
    const close = open < 0 ? -1 : template.indexOf('}', open);
    if (open >= 0 && close < 0) return undefined;
    const text = template.slice(at, open < 0 ? undefined : open);
    if (text !== '') parts.push(text);
    if (open >= 0) parts.push(variableOf(template.charAt(open + 1)));
    at = open < 0 ? template.length : close + 1;
  }
  return parts;
}

/** @param operator what an expression begins with */
function variableOf(operator: string): Part {
  switch (operator) {
    case '+':
      return { prefix: '', isOptional: false, takes: ANY };
    case '#':
      return { prefix: '#', isOptional: true, takes: ANY };
    case '.':
    case '/':
      return { prefix: operator, isOptional: true, takes: operator === '/' ? ANY : SEGMENT };
    case ';':
    case '?':
    case '&':
      return { prefix: operator, isOptional: true, takes: SEGMENT };
    default:
      return { prefix: '', isOptional: false, takes: SEGMENT };
  }
}
