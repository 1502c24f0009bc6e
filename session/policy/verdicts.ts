import type { AttemptOutcome } from '../../protocol/calls/call.ts';
import type { PolicyDecision } from '../../protocol/calls/policy.ts';
import type { RunningCall } from '../calls/state.ts';
import { giveUp } from '../calls/endings.ts';
import type { Event } from '../events.ts';

/** Rules denied an attempt: the call ends, and its caller is told why. */
export function denied(
  call: RunningCall,
  { code, message, decision }: Extract<AttemptOutcome, { kind: 'denied' }>,
  now: number,
): readonly Event[] {
  const rules = decision?.rules ?? [];
  return [
    { type: 'callDenied', callId: call.callId, rules, message },
    giveUp(call, 'refused', { code, message, rules }, now),
  ];
}

/** What rules that have no effect would have done is flagged all the same. */
export function flagged({ callId }: RunningCall, { decision }: AttemptOutcome): readonly Event[] {
  const would = decision && whatItWould(decision);
  if (!would) return [];
  const { verdict, rules } = would;
  const message = verdict === 'deny' ? 'rules on trial would have denied it' : 'rules on trial would have asked people';
  return [{ type: 'callFlagged', callId, rules, message }];
}

const whatItWould = ({ verdict, rules, trial, logOnly }: PolicyDecision): PolicyDecision['trial'] =>
  trial && trial.verdict !== 'allow' ? trial : logOnly && verdict !== 'allow' ? { verdict, rules } : undefined;
