import type { OutsideCommand } from '../../protocol/commands.ts';
import type { Verdict } from '../../protocol/identity/proof.ts';

/** A command that waits: for what a worker says of its proof, or for those that came before it. */
export interface Held {
  readonly n: number;
  readonly command: Exclude<OutsideCommand, { type: 'call' }>;
  readonly via: 'signal' | 'update';
  /** Null while a worker looks; `none` where there is nothing to check. */
  readonly verdict: Verdict | 'none' | null;
}

/** Commands that wait at once: more are refused, so that nobody can fill a session with proofs to be checked. */
export const MOST_HELD = 64;
