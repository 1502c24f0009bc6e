import type { AgentState } from '../../protocol/agent.ts';
import { EMPTY_LOG, type RollbackProgress, type UndoLog } from './log.ts';

/** What a session did to the world, and the points to which it can go back. */
export interface Undoing {
  readonly undo: UndoLog;
  readonly checkpoints: readonly Checkpoint[];
  /** Of the rollback under way. */
  readonly rollback: RollbackProgress | null;
  /** Rollbacks begun so far. */
  readonly rollbacks: number;
}

/** A point to which a session can go back, and from which it can be forked. */
export interface Checkpoint {
  readonly name: string;
  readonly at: number;
  readonly by: string;
  /** Effects of the session until then: the number of the last entry of its undo log. */
  readonly effects: number;
  /** Where the plan stood: its step, and the members of the step that were done. */
  readonly plan: { readonly cursor: number; readonly done: readonly number[] } | null;
  /** What the agent had saved of its own state by then. */
  readonly agentState: AgentState | null;
}

export const NOTHING_DONE: Undoing = { undo: EMPTY_LOG, checkpoints: [], rollback: null, rollbacks: 0 };
