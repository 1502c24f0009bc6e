import type { Refusal } from '../../protocol/errors.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';

/** Milliseconds that a caller waits who was refused too often in a row: the first, and the longest. */
const WAIT = { first: 1000, most: 60_000 };

/**
 * A command was refused; who is refused again and again has to wait, longer each time.
 *
 * @param about what was asked for, where that is worth an incident
 */
export function refusedEvent(
  { refusals }: Session,
  actor: string,
  { code }: Refusal,
  now: number,
  about?: string,
): Event {
  // A full backlog is nobody's fault, and clients ask again by themselves.
  if (code === 'BACKLOG_FULL') return { type: 'refused', actor, code, until: null };
  const times = (refusals.row?.actor === actor ? refusals.row.times : 0) + 1;
  const beyond = times - LIMITS.refusalsInRow;
  const wait = beyond < 0 ? 0 : Math.min(WAIT.first * 2 ** Math.min(beyond, 10), WAIT.most);
  const named = about === undefined ? {} : { about };
  return { type: 'refused', actor, code, until: wait === 0 ? 0 : now + wait, ...named };
}

/** Is a caller one who has to wait? What is refused of it meanwhile is counted, and no record of its own. */
export const isCollapsed = ({ refusals }: Session, actor: string, now: number): boolean =>
  refusals.row?.actor === actor && refusals.row.until > now;

/** Why a call is not even looked at; it leaves no trace in history then. */
export function tooManyRefusals(session: Session, actor: string, now: number): Refusal | undefined {
  const { row } = session.refusals;
  if (!row || !isCollapsed(session, actor, now)) return undefined;
  const seconds = Math.ceil((row.until - now) / 1000);
  const message = `${row.times} commands of ${actor} in a row were refused; the next is heard in ${seconds} s.`;
  return { code: 'TOO_MANY_REFUSALS', message };
}
