import type { Session } from '../session/session.ts';
import type { CallReply } from '../protocol/replies.ts';

/**
 * What the caller of an accepted call can be told now; undefined while it should wait.
 *
 * @param draining the session continues as new as soon as nothing is under way
 * @param record number of the last audit record
 */
export function replyTo(
  { open, ended, state }: Session,
  callId: string,
  draining: boolean,
  record: number,
): CallReply | undefined {
  const call = open.find((each) => each.callId === callId);
  if (!call) {
    const known = ended.findLast((each) => each.callId === callId);
    if (known?.answer) return { status: 'answered', answer: known.answer };
    return {
      status: 'refused',
      refusal: { code: 'ANSWER_EXPIRED', message: `The answer of '${callId}' is no longer kept.` },
      record,
    };
  }
  if (call.phase === 'running') return undefined;
  if (call.phase === 'in_doubt' || call.phase === 'awaiting_input') return { status: 'parked', why: call.phase };
  if (state.name === 'PAUSED') return { status: 'parked', why: 'paused' };
  if (state.name === 'AUDIT') return { status: 'parked', why: 'checking' };
  return draining ? { status: 'parked', why: 'continuing' } : undefined;
}
