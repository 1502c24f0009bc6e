/** A text as one word of a POSIX shell, so that a command line can be shown for copying whatever the text holds. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./][\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
