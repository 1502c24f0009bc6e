import { type AttemptOutcome, type Intent, isRepeatable } from '../../../../protocol/calls/call.ts';
import { digestOf } from '../../../../protocol/values/digest.ts';

/** The rules of a life: how many persons must approve a call of a tool. */
export type Guards = { readonly [tool: string]: number };

/** What a call would be sent with. */
export const argsOf = ({ args, argsRef }: Intent): string => digestOf(argsRef ? { ref: argsRef.sha256 } : args);

/** Does a worker let the attempt be sent, as it holds the grant against what it would send? */
export const isGranted = (intent: Intent, persons: number): boolean =>
  intent.grant !== undefined &&
  intent.policy !== undefined &&
  intent.grant.expiresAt > intent.policy.at &&
  intent.grant.args === argsOf(intent) &&
  intent.grant.toolHash === intent.toolHash &&
  intent.grant.set === intent.policy.set &&
  intent.grant.by.length >= persons;

/** How many persons must approve an attempt; undefined where no rule asks. */
export function personsFor({ tool, policy, continues }: Intent, guards: Guards | null): number | undefined {
  if (!guards || !policy || continues?.held || !Object.hasOwn(guards, tool)) return undefined;
  // Other rules want one person more.
  return (guards[tool] ?? 0) + (policy.set === 'rules-2' ? 1 : 0);
}

/** What a worker that keeps the rules says, where a life would have an attempt end in some way. */
export function saidByWorker(intent: Intent, persons: number, outcome: AttemptOutcome): AttemptOutcome {
  const isSilence = outcome.kind === 'unknown' && outcome.workerLost === true && isRepeatable(intent.effect);
  if (outcome.kind === 'not_sent' || outcome.kind === 'denied' || isSilence) return outcome;
  const { worker } = outcome;
  return {
    kind: 'needs_approval',
    code: 'APPROVAL_NEEDED',
    message: 'a person looks at it',
    asks: {
      digest: argsOf(intent),
      toolHash: intent.toolHash,
      set: intent.policy?.set ?? '',
      persons,
      expires: 3_600_000,
    },
    ...(worker ? { worker } : {}),
  };
}

/** Did the bytes of the call leave, for all that anybody knows? */
export const isSent = ({ kind }: AttemptOutcome): boolean =>
  kind === 'succeeded' || kind === 'tool_error' || kind === 'failed' || kind === 'unknown' || kind === 'input_required';
