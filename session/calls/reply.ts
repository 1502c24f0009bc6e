import type { CallReply } from '../../protocol/replies.ts';
import type { Run } from '../run.ts';

/** What the caller of an accepted call can be told now; undefined while it should wait. */
export function replyTo({ session, isDraining, record }: Run, callId: string): CallReply | undefined {
  const { open, ended, state } = session;
  const call = open.find((each) => each.callId === callId);
  if (!call) {
    const answer = ended.findLast((each) => each.callId === callId)?.answer;
    if (answer) return { status: 'answered', answer };
    const message = `The answer of '${callId}' is no longer kept.`;
    return { status: 'refused', refusal: { code: 'ANSWER_EXPIRED', message }, record };
  }
  if (call.phase === 'running') return undefined;
  if (call.phase === 'in_doubt' || call.phase === 'awaiting_input' || call.phase === 'awaiting_approval')
    return { status: 'parked', why: call.phase };
  if (state.name === 'PAUSED') return { status: 'parked', why: 'paused' };
  if (state.name === 'AUDIT') return { status: 'parked', why: 'checking' };
  return isDraining ? { status: 'parked', why: 'continuing' } : undefined;
}

/** The same for whoever asks of any call id; null where the session does not know it. */
export function replyOf(run: Run, callId: string, isKnown: boolean): CallReply | null {
  return isKnown ? (replyTo(run, callId) ?? { status: 'parked', why: 'running' }) : null;
}
