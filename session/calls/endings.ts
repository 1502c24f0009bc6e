import type { Answer, CallOutcome } from '../../protocol/calls/call.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Event } from '../events.ts';
import type { OpenCall } from './state.ts';

/**
 * Ends a call without an answer. Where any of its attempts may have been sent, a read has failed and an idempotent call
 * can be cancelled; nothing else is known to have ended, and it is in doubt.
 */
export function giveUp(
  call: OpenCall,
  outcome: Extract<CallOutcome, 'refused' | 'failed' | 'cancelled'>,
  trouble: Refusal,
  now: number,
): Event {
  const { callId, effect, sent } = call;
  if (sent && !(effect === 'read-only' || (effect === 'idempotent' && outcome === 'cancelled')))
    return { type: 'callInDoubt', callId, trouble };
  return ended(call, { outcome: sent && outcome === 'refused' ? 'failed' : outcome, error: trouble }, now);
}

/** The end of a call. */
export const ended = (call: OpenCall, rest: Omit<Answer, 'callId' | 'attempts'>, at: number): Event => ({
  type: 'callEnded',
  at,
  call,
  answer: { callId: call.callId, attempts: call.attempts, ...rest },
});
