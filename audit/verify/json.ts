import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import { textOf } from '../tlog/note/text.ts';

/** Levels of a value that is read. What a session carries has 64 at most, and a record has few around it. */
const MOST_LEVELS = 128;

const [QUOTE, BACKSLASH] = ['"'.charCodeAt(0), '\\'.charCodeAt(0)];
const OPENS: ReadonlySet<number> = new Set(['[', '{'].map((each) => each.charCodeAt(0)));
const CLOSES: ReadonlySet<number> = new Set([']', '}'].map((each) => each.charCodeAt(0)));

/**
 * The value that bytes are the RFC 8785 form of; undefined for all others: no UTF-8, other spaces, names that stand
 * twice, numbers that a double does not have as they are written, levels upon levels.
 */
export function canonicalIn(bytes: Uint8Array): Json | undefined {
  if (!isShallow(bytes)) return undefined;
  const text = textOf(bytes);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Json;
    return canonical(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Is JSON so flat that whatever goes down into it comes back? Looks at brackets alone. */
export function isShallow(json: Uint8Array): boolean {
  let [levels, isText] = [0, false];
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!;
    if (isText && byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) isText = !isText;
    else if (!isText && OPENS.has(byte)) levels += 1;
    else if (!isText && CLOSES.has(byte)) levels -= 1;
    if (levels > MOST_LEVELS) return false;
  }
  return true;
}
