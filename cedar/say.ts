import { nameOf } from '../protocol/calls/call.ts';
import type { PolicyDecision } from '../protocol/calls/policy.ts';
import { quote } from '../protocol/values/text.ts';
import type { PolicyQuestion } from './request.ts';
import type { Policy } from './policy.ts';

/** Characters of all that the authors of rules say. */
const MOST = 1000;

/** Why a call is not made, in words for who made it: which rules, and what their authors say. */
export function sayWhy(policy: Policy, question: PolicyQuestion, decision: PolicyDecision): string {
  const { verdict, rules, errors = [] } = decision;
  const call = nameOf(question);
  const [error] = errors;
  if (error) {
    const which = error.rule === '' ? 'The rules cannot' : `The rule ${quote(error.rule)} cannot`;
    return `${which} be evaluated for ${call}, so the call is denied: ${error.message}.`;
  }
  if (rules.length === 0) return `No rule allows ${call}, and what no rule allows is denied.`;
  const says = rules.flatMap((id) => policy.rules.get(id)?.says ?? []);
  const which = `${rules.length === 1 ? 'the rule' : 'the rules'} ${rules.map(quote).join(', ')}`;
  const what = verdict === 'deny' ? `${call} is denied by ${which}` : `${call} needs approval by ${which}`;
  return says.length === 0 ? `${what}.` : `${what}: ${says.join(' ').slice(0, MOST)}`;
}
