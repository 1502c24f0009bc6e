import { argumentBytes, nameOf } from '../../protocol/call.ts';
import { countCall, type Counts, isTellingRepeat } from './counts.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Event } from '../events.ts';
import type { Governance } from '../../protocol/governance.ts';
import type { OpenCall, Session } from '../session.ts';
import { formatSize } from '../../protocol/values/size.ts';
import { CUSTODY, move } from '../decision.ts';

type Counted = Pick<OpenCall, 'callId' | 'server' | 'tool' | 'method' | 'argsRef' | 'actor' | 'digest' | 'bytes'>;

/** Why a call may not be taken: it would pass a limit of the session (T4). */
export function passedLimit(counts: Counts, { session }: Governance, call: Counted): Refusal | undefined {
  const { maxCalls, maxBytes, maxIdentical } = session;
  const next = countCall(counts, call);
  if (isTellingRepeat(call) && (next.last?.times ?? 0) > orNone(maxIdentical)) {
    return {
      code: 'IDENTICAL_CALLS',
      message: `${call.actor} called ${nameOf(call)} with the same arguments ${counts.last?.times} times in a row and wants to again; session.maxIdentical is ${maxIdentical}.`,
    };
  }
  if (next.calls > orNone(maxCalls))
    return {
      code: 'CALL_LIMIT',
      message: `The session has taken ${counts.calls} calls, and session.maxCalls is ${maxCalls}.`,
    };
  if (next.bytes > orNone(maxBytes)) {
    return {
      code: 'BYTE_LIMIT',
      message: `The calls of the session carried ${counts.bytes} bytes, ${argumentBytes(call)} more would come, and session.maxBytes is ${formatSize(maxBytes ?? 0)}.`,
    };
  }
  return undefined;
}

const orNone = (limit: number | null | undefined): number => limit ?? Infinity;

/**
 * A session whose agent ran into a limit stops, on record (P5). One that is paused or not yet at work only refuses the
 * call.
 */
export function stopAtLimit({ state }: Session, { code, message }: Refusal, now: number): readonly Event[] {
  if (state.name !== 'RUNNING') return [];
  const isRunaway = code === 'IDENTICAL_CALLS';
  const reason = `${code}: ${message}`;
  return [
    { type: 'noted', kind: isRunaway ? 'runaway' : 'limit', text: message },
    move(
      state,
      { name: 'PAUSED', cause: isRunaway ? 'incident' : 'budget', reason, by: CUSTODY, since: now },
      CUSTODY,
      reason,
    ),
  ];
}
