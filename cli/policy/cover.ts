import { listing } from '../../cedar/load.ts';
import { rulesOf } from '../../cedar/rules.ts';
import type { Catalog } from '../../cedar/schema/catalog.ts';
import { type Coverage, coverageOf } from '../../cedar/schema/coverage.ts';
import type { PolicyDocument } from '../../protocol/calls/policy.ts';
import { CustodyError } from '../../protocol/errors.ts';

/** Which rules of a profile can apply to which tools. */
export interface ProfileCoverage {
  readonly profile: string;
  /** What holds where no rule speaks; `none` where the profile has no rules. */
  readonly default: PolicyDocument['default'] | 'none';
  readonly mode: PolicyDocument['mode'];
  readonly tools: readonly (Coverage & {
    /** `unguarded`: irreversible, and allowed without a rule that speaks for it. `denied`: no rule can allow it. */
    readonly mark: 'unguarded' | 'denied' | null;
  })[];
}

/** @throws CustodyError POLICY_INVALID */
export function coverProfile(profile: string, document: PolicyDocument | undefined, catalog: Catalog): ProfileCoverage {
  const { rules, problems } = document ? rulesOf(document) : { rules: [], problems: [] };
  if (problems.length > 0) throw new CustodyError('POLICY_INVALID', listing(problems));
  const otherwise = document?.default ?? 'none';
  const tools = coverageOf(rules, catalog).filter(({ action }) => catalog.actions.get(action)?.method === undefined);
  return {
    profile,
    default: otherwise,
    mode: document?.mode ?? 'enforce',
    tools: tools.map((each) => ({ ...each, mark: markOf(each, otherwise) })),
  };
}

function markOf(
  { effect, permits, forbids, approvals }: Coverage,
  otherwise: ProfileCoverage['default'],
): 'unguarded' | 'denied' | null {
  if (otherwise === 'deny') return permits.length === 0 ? 'denied' : null;
  const isSpokenFor = permits.length + forbids.length + approvals.length > 0;
  return effect === 'irreversible' && !isSpokenFor ? 'unguarded' : null;
}
