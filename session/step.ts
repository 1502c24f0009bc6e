import type { Effect } from './effects.ts';
import type { Run } from './run.ts';

/** A run, and what it wants done. */
export interface Step {
  readonly run: Run;
  readonly effects: readonly Effect[];
}

/** The run as it is. */
export const nothing = (run: Run): Step => ({ run, effects: [] });
