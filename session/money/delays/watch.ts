import { type DelayCause, DELAYS } from '../../../protocol/money/delays.ts';
import type { Event } from '../../events.ts';
import type { State } from '../../lifecycle/states.ts';
import { causesOf } from '../../reviews/asked.ts';
import type { Session } from '../../session.ts';

/** Counts a delay that begins or is over. */
export function watchDelays(session: Session, now: number): readonly Event[] {
  const { account, state } = session;
  if (!account?.delays) return [];
  const { under } = account.delays;
  const waits = waitsFor(state);
  const cause = waits ?? isChecked(session);
  const isCheck = waits === null && cause !== null;
  if (cause === (under?.cause ?? null) && isCheck === (under?.isCheck ?? false)) return [];
  return [{ type: 'delayChanged', cause, isCheck, at: now }];
}

/** What a session waits for in a state; null where it works, or waits for something else. */
function waitsFor(state: State): DelayCause | null {
  switch (state.name) {
    case 'PAUSED':
      return state.cause === 'timeout' || state.cause === 'restart' ? state.cause : null;
    case 'RESUMING':
      return waitsFor(state.paused);
    case 'ROLLBACK':
      return 'rollback';
    default:
      return null;
  }
}

/** The delay for which a check or a review is due; null where there is none. */
function isChecked(session: Session): DelayCause | null {
  if (session.duties.length + session.approvals.length + session.reviewCauses.length === 0) return null;
  const due: readonly string[] = [...session.duties.map(({ kind }) => kind), ...causesOf(session)];
  return DELAYS.find((cause) => due.includes(cause)) ?? null;
}
