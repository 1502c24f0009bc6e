import { directEngine } from '../../cedar/engine/direct.ts';
import { listing } from '../../cedar/load.ts';
import { Policy } from '../../cedar/policy.ts';
import type { OperatorConfig } from '../../config/operator.ts';
import { loadPolicies } from '../../config/policies.ts';
import type { PolicyDocument } from '../../protocol/calls/policy.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { didYouMean, listed, quote } from '../../protocol/values/text.ts';

/** The profiles that are meant: one, or all that have rules. @throws CustodyError UNKNOWN_PROFILE */
export function profilesOf({ profiles, policies }: OperatorConfig, wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return Object.keys(policies);
  const known = Object.keys(profiles);
  if (Object.hasOwn(policies, wanted)) return [wanted];
  const why = known.includes(wanted)
    ? `The profile ${quote(wanted)} has no rules in custody.yaml; ${listed(Object.keys(policies)) || 'none'} has.`
    : `custody.yaml has no profile ${quote(wanted)}; it has ${listed(known)}${didYouMean(wanted, known) || '.'}`;
  throw new CustodyError('UNKNOWN_PROFILE', why);
}

/** A set, ready to decide in this process. @throws CustodyError POLICY_INVALID */
export async function readyPolicy(document: PolicyDocument): Promise<Policy> {
  const loaded = await Policy.load(document, directEngine());
  if (loaded.problems) throw new CustodyError('POLICY_INVALID', listing(loaded.problems));
  return loaded.policy;
}

/** The files of rules at a path. @throws CustodyError POLICY_INVALID where they cannot be read */
export async function rulesAt(path: string): Promise<PolicyDocument['files']> {
  const entry = { rules: [path], default: 'deny', mode: 'enforce' } as const;
  const { policies, problems } = await loadPolicies(process.cwd(), { given: entry });
  if (problems.length > 0) throw new CustodyError('POLICY_INVALID', problems.map(({ message }) => message).join('\n'));
  return policies.given?.files ?? [];
}
