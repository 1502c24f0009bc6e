import type { Intent } from '../protocol/calls/call.ts';
import { isGranted } from '../protocol/calls/grant.ts';
import type { PolicyDecision } from '../protocol/calls/policy.ts';
import { CustodyError } from '../protocol/errors.ts';
import { digestOf } from '../protocol/values/digest.ts';
import type { JsonObject } from '../protocol/values/json.ts';
import type { ActivityDeps } from './deps.ts';
import type { Failed } from './outcome.ts';

/** An attempt that ends before anything was sent, and not by an error. */
export class Stopped extends Error {
  readonly outcome: Failed;

  constructor(outcome: Failed) {
    super(outcome.message);
    this.outcome = outcome;
  }
}

/**
 * What rules say of what is about to be sent; undefined where the session has none. A call that a server holds open was
 * decided when it was sent, and what is answered there sends no other.
 *
 * @returns with the outcome of the attempt, where it is not to be sent
 * @throws CustodyError CONFIG_CHANGED where the rules of this worker are not those that the session pinned
 */
export async function decide(
  { policies }: ActivityDeps,
  intent: Intent,
  called: { readonly tool: string; readonly args: JsonObject },
): Promise<{ readonly decision: PolicyDecision; readonly outcome?: Failed } | undefined> {
  if (intent.policy === undefined || intent.continues?.held) return undefined;
  const decided = await policies.decide(intent, called, isGranted(intent, called.args));
  if (!decided)
    throw new CustodyError('CONFIG_CHANGED', 'The rules on this worker are not those that the session pinned.');
  const { decision, why: message, approval } = decided;
  if (decision.logOnly || decision.verdict === 'allow') return { decision };
  if (decision.verdict === 'needs_approval' && approval)
    return {
      decision,
      outcome: {
        kind: 'needs_approval',
        code: 'APPROVAL_NEEDED',
        message,
        asks: { digest: digestOf(called.args), toolHash: intent.toolHash, set: intent.policy.set, ...approval },
      },
    };
  return { decision, outcome: { kind: 'denied', code: 'POLICY_DENIED', message } };
}
