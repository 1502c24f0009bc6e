import type { CaseResult } from '../../../cedar/cases.ts';
import { printable } from '../../io/printable.ts';
import { mark } from '../style.ts';

/** `custody policy test` in words: the cases that failed, with where they stand and what they were told. */
export function showCases(
  failed: readonly CaseResult[],
  counts: { readonly passed: number; readonly failed: number },
): string {
  const lines = failed.flatMap(({ name, place: { file, line, col }, call, differences, says }) => [
    `${mark('fail')}  ${printable(`${file}:${line}:${col}`)}  ${printable(name)}  (${printable(call)})`,
    ...differences.map((each) => `      ${printable(each)}`),
    ...(says === '' ? [] : [`      told: ${printable(says)}`]),
  ]);
  return [...lines, `${counts.passed} passed, ${counts.failed} failed.`].join('\n');
}
