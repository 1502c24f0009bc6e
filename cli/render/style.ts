import { styleText } from 'node:util';
import type { StateName } from '../../protocol/states.ts';

/** Colours on a terminal, nothing elsewhere; NO_COLOR and FORCE_COLOR are obeyed by `styleText`. */
const paint =
  (format: Parameters<typeof styleText>[0]) =>
  (text: string): string =>
    styleText(format, text);

export const bold = paint('bold');
export const dim = paint('dim');
const [green, yellow, red, blue] = [paint('green'), paint('yellow'), paint('red'), paint('blue')];

const STATES: { readonly [state in StateName]: (text: string) => string } = {
  INIT: blue,
  RUNNING: green,
  PAUSED: yellow,
  RESUMING: blue,
  ROLLBACK: yellow,
  AUDIT: blue,
  COMPLETED: green,
  FAILED: red,
  TIMEOUT: red,
};
const MARKS: { readonly [word: string]: (text: string) => string } = {
  ...STATES,
  succeeded: green,
  in_doubt: yellow,
  tool_error: red,
  refused: red,
  failed: red,
  cancelled: red,
  ok: green,
  warn: yellow,
  fail: red,
  error: red,
  fatal: red,
};

/**
 * A state, outcome or mark in its colour; other words stay as they are.
 * @param shown what is printed, when it is longer than the word
 */
export const mark = (word: string, shown: string = word): string =>
  Object.hasOwn(MARKS, word) ? MARKS[word]!(shown) : shown;
