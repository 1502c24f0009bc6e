import type { Check } from '../doctor/check.ts';
import { printable, printableLines } from '../io/printable.ts';
import { mark } from './style.ts';

/** `custody doctor` in words: one line a check, and below it what to do. */
export function showChecks(checks: readonly Check[]): string {
  const count = (status: Check['status']): number => checks.filter((check) => check.status === status).length;
  const lines = checks.flatMap(({ name, status, detail, remedy }) => [
    `${mark(status, status.padEnd(5))} ${printable(name)}: ${printableLines(detail)}`,
    ...(remedy === null ? [] : [`      ${printable(remedy)}`]),
  ]);
  return [...lines, '', `${count('fail')} failed, ${count('warn')} warnings.`].join('\n');
}
