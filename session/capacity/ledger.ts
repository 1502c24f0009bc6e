import { byteLength } from '../../protocol/values/digest.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { withOlder } from './olderIds.ts';
import type { EndedCall, Session } from '../session.ts';
import { weigh, withoutPage } from './weight.ts';

/**
 * Adds a call that ended; the oldest calls above `LIMITS.answers` become ids, and the oldest answers above
 * `LIMITS.answerBytes` go.
 */
export function withEntry(session: Session, entry: EndedCall): Session {
  const more = { ...session, ended: [...session.ended, entry], endedBytes: session.endedBytes + entry.bytes };
  return dropAnswers(more.ended.length > LIMITS.answers ? forgetOldest(more, 1) : more, LIMITS.answerBytes);
}

/**
 * What a session carries into its next run (D5). The ledger gives way until all is within `LIMITS.carriedBytes`: first
 * the oldest answers, then the oldest entries, of which the ids stay. The last calls are kept in any case,
 * `LIMITS.ledgerBytes` of them: their callers may not have heard of their answers yet.
 */
export function carry(session: Session): Session {
  const fixed = weigh(session);
  const room = Math.max(LIMITS.carriedBytes - fixed, LIMITS.ledgerBytes);
  const slim = dropAnswers(session, Math.min(LIMITS.carriedAnswerBytes, room));
  let bytes = 0;
  const fitting = slim.ended.toReversed().findIndex((entry) => (bytes += byteLength(JSON.stringify(entry)) + 1) > room);
  const kept = fitting < 0 ? slim : forgetOldest(slim, slim.ended.length - fitting);
  return { ...withoutPage(kept), weight: weigh(kept) };
}

function forgetOldest(session: Session, count: number): Session {
  const gone = session.ended.slice(0, count);
  return {
    ...session,
    ended: session.ended.slice(count),
    endedBytes: session.endedBytes - gone.reduce((sum, { bytes }) => sum + bytes, 0),
    older: gone.reduce((ids, { callId }) => withOlder(ids, callId), session.older),
  };
}

/** Drops the oldest answers until the kept ones are at most so many bytes together. */
function dropAnswers(session: Session, bytes: number): Session {
  let { endedBytes } = session;
  if (endedBytes <= bytes) return session;
  const ended = session.ended.map((call) => {
    if (endedBytes <= bytes || call.answer === null) return call;
    endedBytes -= call.bytes;
    return { ...call, answer: null, bytes: 0 };
  });
  return { ...session, ended, endedBytes };
}
