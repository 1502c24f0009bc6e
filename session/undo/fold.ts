import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { type RollbackProgress, withUndone } from './log.ts';

type UndoEvent = Extract<
  Event,
  {
    type:
      | 'effectMade'
      | 'checkpointed'
      | 'rollbackBegun'
      | 'undone'
      | 'notUndone'
      | 'undoSkipped'
      | 'pageRead'
      | 'pageWritten'
      | 'rollbackEnded';
  }
>;

/** Of what remains, so many are shown with the session; all are on record. */
const SHOWN = 20;

/** The part of `evolve` that keeps the undo log, checkpoints and rollbacks (L7). */
export function evolveUndo(session: Session, event: UndoEvent): Session {
  const { undo } = session;
  switch (event.type) {
    case 'effectMade': {
      const { type: _, ...rest } = event;
      return {
        ...session,
        undo: { ...undo, last: undo.last + 1, recent: [...undo.recent, { n: undo.last + 1, ...rest }] },
      };
    }
    case 'checkpointed':
      return { ...session, checkpoints: [...session.checkpoints, event.checkpoint] };
    case 'rollbackBegun':
      return {
        ...session,
        rollbacks: session.rollbacks + 1,
        rollback: { floor: event.floor, next: undo.last, page: null, undone: 0, remaining: 0, shown: [] },
      };
    case 'undone':
      return withProgress({ ...session, undo: withUndone(undo, event.n) }, (progress) => ({
        ...progress,
        undone: progress.undone + 1,
        next: Math.min(progress.next, event.n - 1),
      }));
    case 'notUndone':
      return withProgress(session, (progress) => ({
        ...progress,
        next: event.downTo - 1,
        remaining: progress.remaining + event.n - event.downTo + 1,
        shown: [...progress.shown, event.remains.what].slice(0, SHOWN),
      }));
    case 'undoSkipped':
      return withProgress(session, (progress) => ({ ...progress, next: event.to - 1 }));
    case 'pageRead':
      return withProgress(session, (progress) => ({ ...progress, page: event.page }));
    case 'pageWritten':
      return {
        ...session,
        undo: { ...undo, pages: event.ref, paged: event.upTo, recent: undo.recent.filter(({ n }) => n > event.upTo) },
      };
    case 'rollbackEnded':
      return event.to === null ? { ...session, rollback: null } : asOf(session, event.to);
    default:
      return event satisfies never;
  }
}

/** The session set back to a checkpoint; those made later are gone. */
function asOf(session: Session, name: string): Session {
  const index = session.checkpoints.findIndex((each) => each.name === name);
  const point = session.checkpoints[index];
  if (!point) return { ...session, rollback: null };
  const plan =
    session.plan && point.plan
      ? { ...session.plan, ...point.plan, waits: {}, round: (session.plan.round ?? 1) + 1 }
      : session.plan;
  return {
    ...session,
    rollback: null,
    checkpoints: session.checkpoints.slice(0, index + 1),
    plan,
    agentState: point.agentState === undefined ? session.agentState : point.agentState,
  };
}

const withProgress = (session: Session, change: (progress: RollbackProgress) => RollbackProgress): Session =>
  session.rollback ? { ...session, rollback: change(session.rollback) } : session;
