import { shellWord as wordOf } from '../../protocol/values/shell.ts';
import type { Globals } from '../program.ts';
import { printable } from './printable.ts';

/** A text as one word of a POSIX shell, fit for a terminal. */
export const shellWord = (text: string): string => wordOf(printable(text));

/** Where the command at hand looked, as options for the commands that it names; '' where it was told nothing. */
export const whereOf = ({ address, namespace, profile, taskQueue }: Globals): string =>
  Object.entries({ address, namespace, profile, 'task-queue': taskQueue })
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${shellWord(value)}`))
    .join('');
