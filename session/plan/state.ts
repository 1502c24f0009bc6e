import type { ToolResult } from '../../protocol/calls/result.ts';

/** How far the plan of a session is; null where it has none. */
export interface Plan {
  readonly plan: PlanProgress | null;
}

export interface PlanProgress {
  /** Index of the step under way; the length of the plan when it is done. */
  readonly cursor: number;
  /** Members of the current step that are done. */
  readonly done: readonly number[];
  /** Members of the current step that wait, and until when. */
  readonly waits: { readonly [member: string]: number };
  /** From 1, how often the plan was begun or set back to a checkpoint: steps that are done again are new calls. */
  readonly round: number;
  /** Results that later steps refer to. */
  readonly results: { readonly [name: string]: ToolResult | null };
}

export const NEW_PLAN: PlanProgress = { cursor: 0, done: [], waits: {}, round: 1, results: {} };
