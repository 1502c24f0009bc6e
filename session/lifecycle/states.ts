import type { ErrorCode } from '../../protocol/errors.ts';
import type { PauseCause, StateName } from '../../protocol/states.ts';

/** How a session ends, with the reason in a sentence. `code` says why it did not complete. */
export type Ending =
  | { readonly name: 'COMPLETED'; readonly reason: string }
  | { readonly name: 'FAILED'; readonly code: ErrorCode; readonly reason: string }
  | { readonly name: 'TIMEOUT'; readonly code: 'SESSION_TIMEOUT'; readonly reason: string };

export interface Paused {
  readonly name: 'PAUSED';
  readonly cause: PauseCause;
  readonly reason: string;
  readonly by: string;
  /** Whoever paused it proved who that is. */
  readonly isProven?: true;
  /**
   * Epoch milliseconds, kept when the cause changes. Begins anew when RESUMING falls back: what was before is settled
   * with the deadline.
   */
  readonly since: number;
}

export type State =
  | { readonly name: 'INIT' }
  | { readonly name: 'RUNNING' }
  | Paused
  /** `paused` is what the session falls back to when a server is gone or changed. */
  | { readonly name: 'RESUMING'; readonly paused: Paused; readonly acceptChanges: boolean }
  | {
      readonly name: 'ROLLBACK';
      readonly to: string | null;
      readonly reason: string;
      readonly by: string;
      readonly since: number;
    }
  /** Checks what is due, then goes on to `then`. */
  | { readonly name: 'AUDIT'; readonly then: { readonly name: 'RUNNING' } | Ending }
  | Ending;

export type StateOf<N extends StateName> = Extract<State, { readonly name: N }>;

/**
 * Every transition that exists; `move` in decide/ type-checks against it, so that no other can be written.
 * PAUSED to PAUSED changes the cause; AUDIT to AUDIT changes what follows the check.
 */
export const TRANSITIONS = {
  INIT: ['RUNNING', 'FAILED'],
  RUNNING: ['PAUSED', 'TIMEOUT', 'ROLLBACK', 'AUDIT'],
  PAUSED: ['PAUSED', 'TIMEOUT', 'ROLLBACK', 'RESUMING', 'AUDIT'],
  RESUMING: ['RUNNING', 'PAUSED', 'AUDIT'],
  ROLLBACK: ['PAUSED', 'AUDIT'],
  AUDIT: ['AUDIT', 'RUNNING', 'COMPLETED', 'FAILED', 'TIMEOUT'],
  COMPLETED: [],
  FAILED: [],
  TIMEOUT: [],
} as const satisfies Record<StateName, readonly StateName[]>;

export type NextState<N extends StateName> = StateOf<(typeof TRANSITIONS)[N][number]>;

export const isEnded = (state: State): state is Ending =>
  state.name === 'COMPLETED' || state.name === 'FAILED' || state.name === 'TIMEOUT';
