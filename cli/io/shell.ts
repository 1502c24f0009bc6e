import { shellWord as wordOf } from '../../protocol/values/shell.ts';
import { printable } from './printable.ts';

/** A text as one word of a POSIX shell, fit for a terminal. */
export const shellWord = (text: string): string => wordOf(printable(text));
