import type { Undo, UndoPage } from '../../protocol/calls/undo.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import type { Remains } from './log.ts';
import type { Checkpoint } from './state.ts';

/** Effects, checkpoints and rollbacks. */
export type UndoEvent =
  | {
      readonly type: 'effectMade';
      readonly callId: string;
      readonly server: string;
      readonly tool: string;
      readonly undo: Undo;
      readonly at: number;
      /** See `UndoEntry.reserved`. */
      readonly reserved?: number;
      /** See `UndoEntry.cost`. */
      readonly cost?: number;
    }
  | { readonly type: 'checkpointed'; readonly checkpoint: Checkpoint }
  | { readonly type: 'rollbackBegun'; readonly to: string | null; readonly floor: number }
  | {
      readonly type: 'undone';
      readonly n: number;
      /** Of the call whose effect it was; null where that is not at hand. */
      readonly callId: string | null;
      readonly what: string;
      readonly how: string;
      /** Is free again. */
      readonly reserved?: number;
      /** See `UndoEntry.cost`. */
      readonly cost?: number;
    }
  | {
      readonly type: 'notUndone';
      readonly n: number;
      /** The last entry that it speaks of, downwards. */
      readonly downTo: number;
      readonly remains: Remains;
    }
  /** Entries down to this one need no step of their own: they are undone already. */
  | { readonly type: 'undoSkipped'; readonly to: number }
  | { readonly type: 'pageRead'; readonly page: UndoPage }
  | { readonly type: 'pageWritten'; readonly ref: Ref; readonly upTo: number }
  | {
      readonly type: 'rollbackEnded';
      readonly to: string | null;
      /** The checkpoint to which the session is set back. */
      readonly point: Checkpoint | null;
      readonly undone: number;
      readonly remaining: number;
      readonly shown: readonly string[];
    };
