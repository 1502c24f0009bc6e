import type { Event } from '../events.ts';
import { type RollbackProgress, withUndone } from './log.ts';
import type { Undoing } from './state.ts';

/** Of what remains, so many are shown with the session; all are on record. */
const SHOWN = 20;

/** Effects, checkpoints and the rollback after an event. */
export function foldUndo(state: Undoing, event: Event): Partial<Undoing> | undefined {
  const { undo, checkpoints, rollbacks } = state;
  switch (event.type) {
    case 'effectMade': {
      const { type: _, ...rest } = event;
      return { undo: { ...undo, last: undo.last + 1, recent: [...undo.recent, { n: undo.last + 1, ...rest }] } };
    }
    case 'checkpointed':
      return { checkpoints: [...checkpoints, event.checkpoint] };
    case 'rollbackBegun': {
      const rollback = { floor: event.floor, next: undo.last, page: null, undone: 0, remaining: 0, shown: [] };
      return { rollbacks: rollbacks + 1, rollback };
    }
    case 'undone':
      return {
        undo: withUndone(undo, event.n),
        ...withProgress(state, ({ undone, next }) => ({ undone: undone + 1, next: Math.min(next, event.n - 1) })),
      };
    case 'notUndone':
      return withProgress(state, ({ remaining, shown, next }) => ({
        next: Math.min(next, event.downTo - 1),
        remaining: remaining + event.n - event.downTo + 1,
        shown: [...shown, event.remains.what].slice(0, SHOWN),
      }));
    case 'undoSkipped':
      return withProgress(state, () => ({ next: event.to - 1 }));
    case 'pageRead':
      return withProgress(state, () => ({ page: event.page }));
    case 'pageWritten': {
      const recent = undo.recent.filter(({ n }) => n > event.upTo);
      return { undo: { ...undo, pages: event.ref, paged: event.upTo, recent } };
    }
    case 'rollbackEnded':
      return { rollback: null, ...(event.point ? { checkpoints: upTo(checkpoints, event.point.name) } : {}) };
    default:
      return undefined;
  }
}

/** Those made later than the point to which the session went back are gone. */
const upTo = (checkpoints: Undoing['checkpoints'], name: string): Undoing['checkpoints'] =>
  checkpoints.slice(0, checkpoints.findIndex((each) => each.name === name) + 1);

const withProgress = (
  { rollback }: Undoing,
  change: (progress: RollbackProgress) => Partial<RollbackProgress>,
): Partial<Undoing> => (rollback ? { rollback: { ...rollback, ...change(rollback) } } : {});
