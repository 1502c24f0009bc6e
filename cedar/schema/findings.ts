import { at, type Place } from '../place.ts';
import type { Rule } from '../rules.ts';

/** What is wrong with a rule, or looks wrong, held against what the servers have. */
export interface Finding {
  readonly place: Place;
  /** Id of the rule. */
  readonly rule: string;
  /** A `warning` is odd, and may be meant. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
}

/** Of a rule as a whole, or of the words in it. @param words where they stand in it first, the problem is there */
export function finding(
  rule: Rule,
  message: string,
  words: readonly string[] = [],
  severity: Finding['severity'] = 'error',
): Finding {
  const offset = words.map((each) => rule.text.indexOf(each)).find((each) => each >= 0) ?? 0;
  return { place: within(rule, offset), rule: rule.id, severity, message };
}

/** A place in a file, of an offset in the text of a rule. @param isBytes see `at` */
export function within({ place, text }: Rule, offset: number, isBytes = false): Place {
  const { line, col } = at(place.file, text, offset, isBytes);
  return { file: place.file, line: place.line + line - 1, col: line === 1 ? place.col + col - 1 : col };
}
