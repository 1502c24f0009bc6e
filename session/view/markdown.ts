/** Texts from outside in the Markdown of the Temporal UI, whose server renders it with gomarkdown. */

const LONGEST = 300;

/** A text that shows as it is, on one line: nothing in it is Markdown, HTML or a link. */
export const plain = (text: string): string =>
  text
    .slice(0, LONGEST)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|~&$]|:(?=\S)|-(?=-)/g, '\\$&');

/** A text as code: no backslash escapes in it, so that its fence is longer than any row of backticks. */
export function code(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}
