import { rulesOf } from '../../cedar/rules.ts';
import type { Catalog } from '../../cedar/schema/catalog.ts';
import { checkRules } from '../../cedar/schema/check.ts';
import type { Finding } from '../../cedar/schema/findings.ts';
import type { PolicyDocument } from '../../protocol/calls/policy.ts';

/** The rules of one profile, held against the servers. */
export interface ProfileCheck {
  readonly profile: string;
  readonly rules: number;
  readonly default: PolicyDocument['default'];
  readonly mode: PolicyDocument['mode'];
  /** Of a problem of the text itself, `rule` is empty. */
  readonly findings: readonly Finding[];
  readonly notChecked: readonly string[];
}

export function checkProfile(profile: string, document: PolicyDocument, catalog: Catalog): ProfileCheck {
  const { rules, problems } = rulesOf(document);
  const { findings, notChecked } = checkRules(rules, catalog);
  const text = problems.map(({ place, message }): Finding => ({ place, message, rule: '', severity: 'error' }));
  const { default: otherwise, mode } = document;
  return { profile, rules: rules.length, default: otherwise, mode, findings: [...text, ...findings], notChecked };
}

export const hasErrors = ({ findings }: ProfileCheck): boolean => findings.some(({ severity }) => severity === 'error');

/** One line for each finding: `file:line:col  what is wrong`. */
export const findingLine = ({ place: { file, line, col }, rule, severity, message }: Finding): string => {
  const whose = rule === '' || rule === `${file}:${line}` ? '' : `rule ${JSON.stringify(rule)} `;
  return `${file}:${line}:${col}  ${severity === 'warning' ? 'warning: ' : ''}${whose}${message}`;
};
