import type { ScanRule, Span } from './rules.ts';

const LOCAL = /[A-Za-z0-9._%+-]/;
const DOMAIN = /[A-Za-z0-9.-]/;
const IS_LOCAL = /^[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*$/;
const IS_DOMAIN = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}$/;
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 253;

/** Addresses for mail, from their `@` to both sides. */
export const MAIL: ScanRule = {
  what: 'mail',
  name: 'mail',
  find(text) {
    const found: Span[] = [];
    for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
      const span = around(text, at);
      if (span) found.push(span);
    }
    return found;
  },
};

function around(text: string, at: number): Span | undefined {
  let start = at;
  while (start > 0 && at - start < LONGEST_LOCAL && LOCAL.test(text[start - 1] ?? '')) start -= 1;
  let end = at + 1;
  while (end < text.length && end - at <= LONGEST_DOMAIN && DOMAIN.test(text[end] ?? '')) end += 1;
  while (end > at + 1 && /[.-]/.test(text[end - 1] ?? '')) end -= 1;
  while (start < at && text[start] === '.') start += 1;
  // A user's name in a URL.
  if (text.slice(Math.max(0, start - 3), start) === '://') return undefined;
  const isOne = IS_LOCAL.test(text.slice(start, at)) && IS_DOMAIN.test(text.slice(at + 1, end));
  return isOne ? { start, end } : undefined;
}
