import type { Policy } from '../../cedar/policy.ts';
import { nameOf } from '../../protocol/calls/call.ts';
import type { PolicyDecision, PolicyDocument } from '../../protocol/calls/policy.ts';
import type { RecordedSession } from './history.ts';
import { readyPolicy } from './rules.ts';

/** An attempt on which the rules say something else than is on record. */
export interface Difference {
  readonly session: string;
  readonly callId: string;
  readonly attempt: number;
  /** As `nameOf` names it. */
  readonly call: string;
  /** Null where the attempt was made and no decision of it is on record. */
  readonly then: PolicyDecision | null;
  readonly now: PolicyDecision;
}

export interface Replayed {
  readonly sessions: number;
  /** Attempts that were decided once more. */
  readonly decided: number;
  readonly differences: readonly Difference[];
  /** Attempts that were not, by why. */
  readonly skipped: { readonly [why: string]: number };
}

/** Other rules than the recorded ones: files, with default and mode as recorded; or a whole set. */
export type OtherRules = { readonly files: PolicyDocument['files'] } | { readonly document: PolicyDocument };

/** Decides the attempts of sessions once more. Changes nothing. */
export async function replay(
  sessions: AsyncIterable<RecordedSession>,
  rules: OtherRules | undefined,
): Promise<Replayed> {
  const ready = readyPolicies();
  const differences: Difference[] = [];
  const skipped: Record<string, number> = {};
  let [count, decided] = [0, 0];
  for await (const { session, attempts, policies } of sessions) {
    count += 1;
    for (const attempt of attempts) {
      const { intent } = attempt;
      const set = rules && intent.policy ? await policies.policy(intent.policy.set) : undefined;
      const other = rules && typeof set === 'object' ? await ready(otherOf(set, rules)) : undefined;
      const again = typeof set === 'string' ? { skipped: set } : await policies.decide(attempt, other);
      if ('skipped' in again) {
        skipped[again.skipped] = (skipped[again.skipped] ?? 0) + 1;
        continue;
      }
      decided += 1;
      const { isSame, then, now } = again;
      if (isSame || (rules && then && isLike(then, now))) continue;
      const { callId, attempt: number } = intent;
      differences.push({ session, callId, attempt: number, call: nameOf(intent), then, now });
    }
  }
  return { sessions: count, decided, differences, skipped };
}

const otherOf = ({ document }: Policy, rules: OtherRules): PolicyDocument =>
  'document' in rules ? rules.document : { ...document, files: rules.files };

/** Other rules have other names: what counts is what they do. */
const isLike = (then: PolicyDecision, now: PolicyDecision): boolean =>
  then.verdict === now.verdict && then.logOnly === now.logOnly;

/** Sets by what is in them, each made ready once. */
function readyPolicies(): (document: PolicyDocument) => Promise<Policy> {
  const ready = new Map<string, Promise<Policy>>();
  return (document) => {
    const key = JSON.stringify(document);
    const known = ready.get(key) ?? readyPolicy(document);
    ready.set(key, known);
    return known;
  };
}
