import type { PolicyDecision } from '../../protocol/calls/policy.ts';
import type { DecidedAttempt, DecisionReader, RecordedRules } from '../decisions.ts';
import { type Checked, type Finding, finding } from './finding.ts';

/** An attempt decided once more; or why it was not. */
export type DecidedAgain =
  | { readonly isSame: boolean; readonly then: PolicyDecision | null; readonly now: PolicyDecision }
  | { readonly skipped: string };

/** Decides attempts once more by the rules on record: an engine of rules, which is none of this folder. */
export type Decide = (rules: ReadonlyMap<string, RecordedRules>) => (attempt: DecidedAttempt) => Promise<DecidedAgain>;

/**
 * Is each decision the one that the rules on record make of its intent?
 * @param decide absent where there is no engine
 */
export async function checkDecisions({ attempts, rules }: DecisionReader, decide?: Decide): Promise<Checked> {
  const findings: Finding[] = [];
  const again = decide?.(rules);
  let decided = 0;
  for (const attempt of attempts) {
    const { intent, decision, runId: run, eventId } = attempt;
    if (intent.policy === undefined) continue;
    const data = { callId: intent.callId, attempt: intent.attempt };
    const place = { run, events: [eventId] };
    const said = (await again?.(attempt)) ?? { skipped: 'there is no engine of rules here' };
    if ('skipped' in said) {
      // Where none is on record, `calls` has told so.
      if (decision !== null) findings.push(finding('DECISION_NOT_CHECKED', { ...data, why: said.skipped }, place));
      continue;
    }
    decided += 1;
    const verdicts = { then: said.then?.verdict ?? null, now: said.now.verdict };
    if (!said.isSame) findings.push(finding('DECISION_DIFFERS', { ...data, ...verdicts }, place));
  }
  return { name: 'decisions', counted: { decided }, findings };
}
