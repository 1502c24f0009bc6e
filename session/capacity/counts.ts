import { type Answer, argumentBytes, type CallRequest, OWN_CALL_ID } from '../../protocol/calls/call.ts';
import { bytesOfResult } from '../../protocol/calls/result.ts';

/** What the limits of a session are held against. */
export interface Counts {
  /** Calls taken, those of the plan too; not those that were refused before they started, nor compensations. */
  readonly calls: number;
  /** Of their arguments and answers. */
  readonly bytes: number;
  /** The last call from outside, and how often it came in a row; null after a resume. */
  readonly last: { readonly digest: string; readonly times: number } | null;
}

export const NO_COUNTS: Counts = { calls: 0, bytes: 0, last: null };

type Counted = Pick<CallRequest, 'callId' | 'method' | 'argsRef'> & {
  readonly bytes: number;
  readonly digest: string;
  readonly compensates?: number;
};

/**
 * May too many of it in a row be the work of a runaway agent? Steps of a plan are as many as a person wrote down, and
 * nobody outside can use their ids; lists and reads of resources and prompts are what clients ask for again and again.
 */
export const isTellingRepeat = ({ callId, method }: Counted): boolean =>
  method === undefined && !OWN_CALL_ID.test(callId);

export function countCall(counts: Counts, call: Counted): Counts {
  if (call.compensates !== undefined) return counts;
  const { calls, bytes, last } = counts;
  return {
    calls: calls + 1,
    bytes: bytes + argumentBytes(call),
    last: !isTellingRepeat(call)
      ? last
      : { digest: call.digest, times: last?.digest === call.digest ? last.times + 1 : 1 },
  };
}

/** Another attempt of a call that was counted. */
export const countAttempt = (counts: Counts): Counts => ({ ...counts, calls: counts.calls + 1 });

export function countAnswer(
  counts: Counts,
  call: Pick<Counted, 'bytes' | 'argsRef' | 'compensates'> & { readonly attempts: number },
  { outcome, result }: Answer,
): Counts {
  if (call.compensates !== undefined) return counts;
  if (outcome === 'refused' && call.attempts === 0)
    return { ...counts, calls: counts.calls - 1, bytes: counts.bytes - argumentBytes(call) };
  return result === undefined ? counts : { ...counts, bytes: counts.bytes + bytesOfResult(result) };
}
