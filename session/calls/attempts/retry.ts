import type { ErrorCode, Refusal } from '../../../protocol/errors.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import type { Event } from '../../events.ts';
import { giveUp } from '../endings.ts';
import type { OpenCall } from '../state.ts';

/** Milliseconds before the next attempt, by how many there were; the last stays. */
const BACKOFF = [1000, 2000, 4000, 8000, 15_000] as const;
/** Unsent attempts that are repeated at once, such as those that are handed to another worker; later ones wait. */
const AT_ONCE = 3;

const delay = (times: number): number => BACKOFF[Math.min(times, BACKOFF.length - 1)] ?? 0;

/**
 * Tries a call again that failed, or may have been sent, up to the limit of attempts.
 *
 * @param sent the last attempt was, or may have been, sent
 */
export function retryOr(call: OpenCall, trouble: Refusal, sent: boolean, now: number): readonly Event[] {
  if (call.spent + 1 >= LIMITS.attempts || trouble.code === 'RESULT_TOO_LARGE')
    return [giveUp({ ...call, sent: call.sent || sent }, 'failed', trouble, now)];
  const retryAt = trouble.code === 'WORKER_LOST' ? 0 : now + delay(call.spent);
  return [{ type: 'attemptRepeated', callId: call.callId, trouble, retryAt, spent: true, sent }];
}

/** Tries a call again that never left: at first at once, then with a back-off, and not without end. */
export function againUnsent(call: OpenCall, trouble: Refusal, now: number): readonly Event[] {
  const { callId, attempts } = call;
  const most = trouble.code === 'WORKER_BUSY' ? LIMITS.busyAttempts : LIMITS.unsentAttempts;
  if (attempts >= most) return [giveUp(call, 'failed', trouble, now)];
  const isAtOnce = attempts <= AT_ONCE && !WAITS.has(trouble.code);
  const retryAt = isAtOnce ? 0 : now + delay(attempts - 1);
  return [{ type: 'attemptRepeated', callId, trouble, retryAt, spent: false, sent: false }];
}

/** What passes with time alone. */
const WAITS: ReadonlySet<ErrorCode> = new Set(['TEMPORAL_UNAVAILABLE']);
