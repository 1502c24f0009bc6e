import type { PlacedCase } from '../config/policyCases.ts';
import type { PolicyDecision } from '../protocol/calls/policy.ts';
import type { Policy } from './policy.ts';
import type { PolicyQuestion } from './request.ts';
import { BY_DEFAULT } from './rules.ts';
import { sayWhy } from './say.ts';

/** What became of one case. */
export interface CaseResult {
  readonly name: string;
  readonly place: PlacedCase['place'];
  readonly call: string;
  readonly decision: PolicyDecision;
  /** What the caller is told; empty where the call is allowed. */
  readonly says: string;
  /** What is not as the case expects; empty where it passed. */
  readonly differences: readonly string[];
}

/** A Friday noon; a case that reads the clock says its own instant. */
const NOON = Date.UTC(2026, 0, 2, 12);

/** The question that a case asks. */
export function questionOfCase(each: PlacedCase): PolicyQuestion {
  const { server, tool, method, args = {}, effect, agent = { id: 'agent', version: '1' } } = each;
  return {
    server,
    tool,
    ...(method === undefined ? {} : { method }),
    args,
    effect,
    actor: each.actor ?? agent.id,
    attempt: each.attempt ?? 1,
    isCompensation: each.compensation ?? false,
    isApproved: each.approved ?? false,
    terms: {
      set: '',
      agent,
      labels: each.labels ?? {},
      startedBy: each.startedBy ?? null,
      ...(each.person === undefined ? {} : { person: each.person }),
      totals: { calls: 1, denials: 0, minutes: 0, restarts: 0, ...each.totals },
      at: each.at ?? NOON,
      ...(each.decimals ? { decimals: each.decimals } : {}),
    },
  };
}

/** Decides a case, and compares. */
export async function runCase(policy: Policy, each: PlacedCase): Promise<CaseResult> {
  const question = questionOfCase(each);
  const decision = await policy.decide(question);
  const says = decision.verdict === 'allow' ? '' : sayWhy(policy, question, decision);
  const { name, place, call } = each;
  return { name, place, call, decision, says, differences: [...differencesOf(each, decision, says)] };
}

function* differencesOf(
  { expect, rules, says: part, trial }: PlacedCase,
  decision: PolicyDecision,
  says: string,
): Generator<string> {
  const made = decision.rules.filter((id) => id !== BY_DEFAULT);
  if (decision.verdict !== expect) yield `expected ${expect}, and it is ${decision.verdict}`;
  if (rules && String([...rules].sort()) !== String(made))
    yield `expected the rules ${shown(rules)}, and they are ${shown(made)}`;
  if (part !== undefined && !says.includes(part)) yield `expected that the caller is told "${part}"`;
  const onTrial = decision.trial?.verdict ?? decision.verdict;
  if (trial !== undefined && trial !== onTrial) yield `expected ${trial} with the rules on trial, and it is ${onTrial}`;
}

const shown = (rules: readonly string[]): string => [...rules].sort().join(', ') || 'none';
