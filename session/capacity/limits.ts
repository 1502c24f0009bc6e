import { argumentBytes, nameOf } from '../../protocol/calls/call.ts';
import { countCall, type Counts, isTellingRepeat } from './counts.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Event } from '../events.ts';
import type { Governance } from '../../protocol/governance.ts';
import type { OpenCall } from '../calls/state.ts';
import type { Session } from '../session.ts';
import { formatSize } from '../../protocol/values/size.ts';
import { pauseItself } from '../decision.ts';

type Counted = Pick<OpenCall, 'callId' | 'server' | 'tool' | 'method' | 'argsRef' | 'actor' | 'digest' | 'bytes'>;

/** Why a call may not be taken: it would pass a limit of the session. */
export function passedLimit(counts: Counts, { session }: Governance, call: Counted): Refusal | undefined {
  const { maxBytes, maxIdentical } = session;
  const next = countCall(counts, call);
  if (isTellingRepeat(call) && (next.last?.times ?? 0) > maxIdentical) {
    const times = `with the same arguments ${counts.last?.times} times in a row and wants to again`;
    const message = `${call.actor} called ${nameOf(call)} ${times}; session.maxIdentical is ${maxIdentical}.`;
    return { code: 'IDENTICAL_CALLS', message };
  }
  const many = passedCallLimit(counts, { session });
  if (many) return many;
  if (maxBytes === null || next.bytes <= maxBytes) return undefined;
  const carried = `The calls of the session carried ${counts.bytes} bytes, ${argumentBytes(call)} more would come`;
  return { code: 'BYTE_LIMIT', message: `${carried}, and session.maxBytes is ${formatSize(maxBytes)}.` };
}

/** Why not one attempt more may be made. */
export function passedCallLimit({ calls }: Counts, { session }: Pick<Governance, 'session'>): Refusal | undefined {
  if (calls < session.maxCalls) return undefined;
  const message = `The session has taken ${calls} calls, and session.maxCalls is ${session.maxCalls}.`;
  return { code: 'CALL_LIMIT', message };
}

/**
 * A session whose agent ran into a limit stops, on record. One that is paused or not yet at work only refuses the
 * call.
 */
export function stopAtLimit({ state }: Session, { code, message }: Refusal, now: number): readonly Event[] {
  if (state.name !== 'RUNNING') return [];
  const isRunaway = code === 'IDENTICAL_CALLS';
  const reason = `${code}: ${message}`;
  return [
    { type: 'noted', kind: isRunaway ? 'runaway' : 'limit', text: message },
    pauseItself(state, isRunaway ? 'incident' : 'budget', reason, now),
  ];
}
