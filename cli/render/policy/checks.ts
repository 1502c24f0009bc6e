import { counted, listed } from '../../../protocol/values/text.ts';
import { printable } from '../../io/printable.ts';
import { findingLine, type ProfileCheck } from '../../policy/check.ts';
import { bold, mark } from '../style.ts';

/** `custody policy check` in words. @param free profiles without rules */
export function showChecks(
  checks: readonly ProfileCheck[],
  free: readonly string[],
  closed: readonly { readonly server: string; readonly why: string }[],
): string {
  const count = (severity: string): number =>
    checks.flatMap(({ findings }) => findings).filter((each) => each.severity === severity).length;
  return [
    ...closed.map(
      ({ server, why }) => `${mark('warn')}  server ${printable(server)} was not opened: ${printable(why)}`,
    ),
    ...checks.flatMap(showCheck),
    ...(free.length === 0
      ? []
      : [`${listed(free.map(printable))}: no rules; all that a session's tools allow is allowed.`]),
    `${counted(count('error'), 'problem')}, ${counted(count('warning'), 'warning')}.`,
  ].join('\n');
}

function showCheck({
  profile,
  rules,
  default: otherwise,
  mode,
  findings,
  notChecked,
}: ProfileCheck): readonly string[] {
  const trial = mode === 'log-only' ? '; on trial: nothing is denied' : '';
  const rest = otherwise === 'allow' ? 'allowed' : 'denied';
  return [
    `${bold(printable(profile))}: ${counted(rules, 'rule')}, and what no rule speaks for is ${rest}${trial}`,
    ...findings.map(
      (each) => `  ${mark(each.severity === 'error' ? 'fail' : 'warn')}  ${printable(findingLine(each))}`,
    ),
    ...notChecked.map((each) => `  not checked: ${printable(each)}`),
  ];
}
