import { LIMITS } from '../../../protocol/limits.ts';
import { withOlder } from './olderIds.ts';
import type { Calls, EndedCall } from '../state.ts';

/**
 * Adds a call that ended; the oldest calls above `LIMITS.answers` become ids, and the oldest answers above
 * `LIMITS.answerBytes` go.
 */
export function withEntry<C extends Calls>(session: C, entry: EndedCall): C {
  const more = { ...session, ended: [...session.ended, entry], endedBytes: session.endedBytes + entry.bytes };
  return dropAnswers(more.ended.length > LIMITS.answers ? forgetOldest(more, 1) : more, LIMITS.answerBytes);
}

/** The oldest entries become ids. */
export function forgetOldest<C extends Calls>(session: C, count: number): C {
  const gone = session.ended.slice(0, count);
  return {
    ...session,
    ended: session.ended.slice(count),
    endedBytes: session.endedBytes - gone.reduce((sum, { bytes }) => sum + bytes, 0),
    older: gone.reduce((ids, { callId }) => withOlder(ids, callId), session.older),
  };
}

/** Drops the oldest answers until the kept ones are at most so many bytes together. */
export function dropAnswers<C extends Calls>(session: C, bytes: number): C {
  let { endedBytes } = session;
  if (endedBytes <= bytes) return session;
  const ended = session.ended.map((call) => {
    if (endedBytes <= bytes || call.answer === null) return call;
    endedBytes -= call.bytes;
    return { ...call, answer: null, bytes: 0 };
  });
  return { ...session, ended, endedBytes };
}
