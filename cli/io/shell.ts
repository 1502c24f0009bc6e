import { printable } from './printable.ts';

/** A text as one word of a POSIX shell, so that a command line can be shown for copying whatever the text holds. */
export function shellWord(text: string): string {
  const word = printable(text);
  return /^[\w@%+=:,./][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
