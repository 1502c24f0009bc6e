import type { Notice } from '../../protocol/notices/notice.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { byteLength } from '../../protocol/values/digest.ts';
import { dropAnswers, forgetOldest } from '../calls/ledger/ledger.ts';
import type { Session } from '../session.ts';
import { weigh, withoutPage } from './weight.ts';

/** What a later run of a session gets from the one before it. */
export interface Carried {
  readonly session: Session;
  /** Number of the last audit record. */
  readonly record: number;
  readonly runs: number;
  /** See `AttemptId.chain`. */
  readonly chain: string;
  /** Notices that nobody is known to deliver yet; absent where there are none. */
  readonly unsent?: readonly Notice[];
}

/** The same within the byte budget of what one run hands to another. */
export const toCarry = ({ session, record, runs, chain, unsent = [] }: Carried): Carried => ({
  session: carry(session),
  record,
  runs,
  chain,
  ...(unsent.length > 0 ? { unsent } : {}),
});

/**
 * What a session carries into its next run. The ledger gives way until all is within `LIMITS.carriedBytes`: first
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
