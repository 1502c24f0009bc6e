import type { AgentState } from '../../protocol/agent.ts';

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
  readonly agentState?: AgentState | null;
}

export { CHECKPOINT_NAME, START } from '../../protocol/fields.ts';
