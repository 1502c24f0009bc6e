import { nameOf } from '../../protocol/calls/call.ts';
import { floorOf } from './rollback.ts';
import type { Refusal } from '../../protocol/errors.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import type { Session } from '../session.ts';
import { isUndone } from './log.ts';
import type { UndoEntry } from '../../protocol/calls/undo.ts';

/**
 * What a rollback would have to look at, as far as the state of a session knows it: entries in pages are behind
 * `pages`.
 */
export interface RollbackOutline {
  readonly floor: number;
  readonly pages: Ref | null;
  /** Newest first; those that are undone already left out. */
  readonly recent: readonly UndoEntry[];
  readonly undone: readonly (readonly [from: number, to: number])[];
  /** Calls whose effect is not known. */
  readonly inDoubt: readonly { readonly callId: string; readonly name: string }[];
}

/** @param to a checkpoint, or null for the start */
export function outlineOf(session: Session, to: string | null): RollbackOutline | Refusal {
  if (to !== null && !session.checkpoints.some(({ name }) => name === to))
    return { code: 'CHECKPOINT_NOT_FOUND', message: `The session has no checkpoint '${to}'.` };
  const { undo, open } = session;
  const floor = floorOf(session, to);
  return {
    floor,
    pages: undo.paged > floor ? undo.pages : null,
    recent: undo.recent.filter(({ n }) => n > floor && !isUndone(undo, n)).reverse(),
    undone: undo.undone,
    inDoubt: open
      .filter(({ phase, effect }) => phase === 'in_doubt' && effect !== 'read-only')
      .map((call) => ({ callId: call.callId, name: nameOf(call) })),
  };
}
