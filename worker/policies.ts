import type { Policies } from '../activities/deps.ts';
import { type Policy } from '../cedar/policy.ts';
import { questionOf } from '../cedar/request.ts';
import { sayWhy } from '../cedar/say.ts';

/** The rules of a worker, as activities ask them. */
export const policiesOf = (sets: ReadonlyMap<string, Policy>): Policies => ({
  async decide(intent, called, isApproved) {
    const { policy: terms } = intent;
    const policy = terms && sets.get(terms.set);
    if (!policy) return undefined;
    const question = questionOf(intent, terms, called, isApproved);
    const decision = await policy.decide(question);
    const why = decision.verdict === 'allow' ? '' : sayWhy(policy, question, decision);
    if (decision.verdict !== 'needs_approval') return { decision, why };
    return { decision, why, approval: policy.approvalOf(decision.rules) };
  },
});
