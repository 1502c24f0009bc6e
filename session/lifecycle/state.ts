import type { Governance } from '../../protocol/governance.ts';
import type { State } from './states.ts';

/** Where a session is in its life, and what it obeys. */
export interface Lifecycle {
  readonly state: State;
  /** Null until INIT has loaded the profile. */
  readonly governance: Governance | null;
  readonly profileHash: string;
  readonly duties: readonly Duty[];
  readonly checkedOver24h: boolean;
  /** Short digests of the last command ids that took effect: a repeat of one is answered and changes nothing. */
  readonly commands: readonly string[];
  /** Temporal's own cancel came while the session was rolled back: it is obeyed after that. */
  readonly isCancelled: boolean;
  /**
   * Since when the session runs from an earlier point of its history, and so knows only a part of what it did; null for
   * a session that does not.
   */
  readonly resetAt: number | null;
  readonly parent: Parent | null;
}

/** What a session was forked from, and what it has from there. */
export interface Parent {
  readonly id: string;
  /** Name of the checkpoint. */
  readonly at: string;
  /** When, epoch milliseconds. */
  readonly since: number;
  /** Calls that the parent had taken, which count in the fork as well, and their bytes. */
  readonly calls: number;
  readonly bytes: number;
  /** What the parent had spent by then, micro-USD; absent where it has no account. */
  readonly microUsd?: number;
}

/** Something that must be checked before the session may end or go on. */
export interface Duty {
  readonly kind: 'restart' | 'rollback' | 'over-24h';
  readonly since: number;
}

export const NEW_LIFE: Lifecycle = {
  state: { name: 'INIT' },
  governance: null,
  profileHash: '',
  duties: [],
  checkedOver24h: false,
  commands: [],
  isCancelled: false,
  resetAt: null,
  parent: null,
};
