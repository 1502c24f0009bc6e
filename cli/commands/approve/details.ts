import type { ApprovalDetails, Custody } from '../../../client/index.ts';
import type { Target } from './target.ts';

/** A rule that asked, as its author wrote it; without where it stands and its text where the history has it no more. */
export interface AskingRule {
  readonly id: string;
  readonly place: string | null;
  readonly text: string | null;
}

/** What is to be looked at before somebody decides. */
export type Shown = Omit<ApprovalDetails, 'policy' | 'rules'> & { readonly rules: readonly AskingRule[] };

/** @throws CustodyError APPROVAL_NOT_FOUND, APPROVAL_ENDED, SESSION_NOT_FOUND */
export async function look(custody: Custody, { session, approval }: Target): Promise<Shown> {
  const { policy, ...details } = await custody.session(session).approvals.show(approval);
  const { rulesOf } = await import('../../../cedar/rules.ts');
  const known = new Map((policy ? rulesOf(policy).rules : []).map((rule) => [rule.id, rule]));
  const rules = details.rules.map((id) => {
    const rule = known.get(id);
    return { id, place: rule ? `${rule.place.file}:${rule.place.line}` : null, text: rule?.text ?? null };
  });
  return { ...details, rules };
}
