import { CUSTODY } from '../../protocol/by.ts';
import { START } from '../../protocol/fields.ts';
import { giveUp } from '../calls/endings.ts';
import { hasRunning, isWaiting } from '../calls/state.ts';
import { goesOn } from '../calls/terms.ts';
import type { CommandOf } from '../commands.ts';
import { accept, type Decision, illegal, move, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import type { FactOf } from '../facts.ts';
import { commanded } from '../lifecycle/commanded.ts';
import { leavePause } from '../lifecycle/leavePause.ts';
import type { StateOf } from '../lifecycle/states.ts';
import { callForReview } from '../reviews/causes.ts';
import type { Session } from '../session.ts';
import { notUndone, step } from './compensation.ts';
import { entryOf, isUndone, pageNeeded, type RollbackProgress, shortened } from './log.ts';

/** Undoes side effects back to a checkpoint or to the start. Begins once the calls under way have ended. */
export function rollback(session: Session, command: CommandOf<'rollback'>, now: number): Decision {
  const { state } = session;
  const { actor, reason } = command.by;
  const to = command.to === START ? null : command.to;
  if (state.name !== 'RUNNING' && state.name !== 'PAUSED') return illegal(session, 'rollback', 'RUNNING and PAUSED');
  const names = session.checkpoints.map(({ name }) => name);
  if (to !== null && !names.includes(to)) {
    const known = names.slice(-20).join(', ') || 'none';
    return refuse('CHECKPOINT_NOT_FOUND', `The session has no checkpoint '${to}'; it has ${known}.`);
  }
  const moved = move(state, { name: 'ROLLBACK', to, reason, by: actor, since: now }, actor, reason);
  return accept(commanded(command), ...leavePause(session, now), moved);
}

/** The number of the last effect that a rollback leaves as it is. */
export const floorOf = ({ checkpoints }: Session, to: string | null): number =>
  checkpoints.find(({ name }) => name === to)?.effects ?? 0;

/** The next step of a rollback: one compensation at a time, in reverse order. */
export function undo(session: Session, now: number): readonly Event[] {
  const { state, rollback: progress } = session;
  if (state.name !== 'ROLLBACK' || hasRunning(session) || session.open.some((call) => goesOn(session, call))) return [];
  if (!progress) return begin(session, state.to, now);
  if (session.open.some((call) => call.compensates !== undefined && isWaiting(call))) return [];
  const { next, floor } = progress;
  if (next <= floor) return finish(session, state, progress, now);
  if (isUndone(session.undo, next)) return [{ type: 'undoSkipped', to: next }];
  if (pageNeeded(session)) return [];
  const entry = entryOf(session, next);
  if (entry) return step(session, entry, now);
  return rest(progress, 'the pages that say how to undo them are incomplete');
}

/** What waits to start would act on a world that is no more. */
function begin(session: Session, to: string | null, now: number): readonly Event[] {
  const message = 'The session was rolled back before the call could start.';
  const waiting = session.open.filter(isWaiting);
  return [
    { type: 'rollbackBegun', to, floor: floorOf(session, to) },
    ...waiting.map((call) =>
      giveUp(
        call,
        call.attempts === 0 || call.phase === 'awaiting_approval' ? 'refused' : 'cancelled',
        { code: 'CALL_ROLLED_BACK', message },
        now,
      ),
    ),
  ];
}

/** None of what is left can be undone. */
const rest = ({ next, floor }: RollbackProgress, why: string): readonly Event[] =>
  notUndone(next, floor + 1, `calls ${floor + 1} to ${next} of the undo log`, why);

/** A page of the undo log came back, or did not. */
export function pageRead({ rollback: progress }: Session, fact: FactOf<'pageRead' | 'pageLost'>): Decision {
  if (!progress) return refuse('ILLEGAL_IN_STATE', 'No rollback is under way.');
  if (fact.type === 'pageRead') return accept({ type: 'pageRead', page: fact.page });
  const { code, message } = fact.refusal;
  return accept(...rest(progress, `how to undo them cannot be read (${code}: ${message})`));
}

function finish(
  session: Session,
  state: StateOf<'ROLLBACK'>,
  progress: RollbackProgress,
  now: number,
): readonly Event[] {
  const { to } = state;
  const { undone } = progress;
  const doubtful = session.open
    .filter((call) => call.phase === 'in_doubt' && call.compensates === undefined && call.effect !== 'read-only')
    .map((call) => `${call.server}.${call.tool} (${call.callId}, in doubt)`);
  const shown = [...doubtful, ...progress.shown];
  const remaining = progress.remaining + doubtful.length;
  const point = session.checkpoints.find(({ name }) => name === to) ?? null;
  const ended: Event = { type: 'rollbackEnded', to, point, undone, remaining, shown };
  const events: readonly Event[] = [ended, ...callForReview(session, 'rollback', now)];
  const where = to === null ? 'the start' : `checkpoint '${to}'`;
  const did = `rolled back to ${where} by ${state.by}: ${state.reason}`;
  if (remaining > 0) {
    const reason = `${did}; not undone: ${shortened(shown, remaining)}`;
    const incident = { name: 'PAUSED', cause: 'incident', reason, by: CUSTODY, since: now } as const;
    return [...events, move(state, incident, CUSTODY, reason)];
  }
  if (to !== null) {
    const paused = { name: 'PAUSED', cause: 'operator', reason: did, by: state.by, since: now } as const;
    return [...events, move(state, paused, state.by, did)];
  }
  const found = undone > 0 ? `${undone} calls undone` : 'nothing is left to undo';
  const failed = { name: 'FAILED', code: 'ROLLED_BACK', reason: did } as const;
  return [...events, move(state, { name: 'AUDIT', then: failed }, CUSTODY, found)];
}
