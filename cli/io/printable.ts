/**
 * Characters that move a cursor, start an escape sequence, hide text or change its direction, in a terminal or an
 * editor.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const MARK = '\uFFFD';

/**
 * A text from outside as a terminal may get it, on one line. Names, reasons and answers of tools are hostile: an escape
 * sequence in them could rewrite what an operator sees. Each unprintable character shows as �, so that nothing is
 * hidden.
 */
export const printable = (text: string): string => text.replace(/\s+/gu, ' ').replace(UNPRINTABLE, MARK);

/** The same for a text of several lines. */
export const printableLines = (text: string): string =>
  text
    .split(/\r?\n/u)
    .map((line) => line.replaceAll('\t', '    ').replace(UNPRINTABLE, MARK))
    .join('\n');

/** JSON in which the same characters are escaped: the same value, and safe to look at. */
export const printableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(UNPRINTABLE, (char) => (char === '\n' ? char : escape(char)));

const escape = (char: string): string =>
  Array.from({ length: char.length }, (_, index) => `\\u${char.charCodeAt(index).toString(16).padStart(4, '0')}`).join(
    '',
  );
