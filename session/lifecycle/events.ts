import type { By } from '../../protocol/by.ts';
import type { Proven } from '../../protocol/identity/standing.ts';
import type { Governance } from '../../protocol/governance.ts';
import type { PinnedPolicy } from '../policy/state.ts';
import type { Duty } from './state.ts';
import type { Starter } from '../identity/state.ts';
import type { PinnedBudget } from '../../protocol/money/budgets.ts';
import type { PinnedBook } from '../../protocol/money/prices.ts';
import type { StateName } from '../../protocol/states.ts';
import type { State } from './states.ts';

/** What can happen to the life of a session. */
export type LifecycleEvent =
  | {
      readonly type: 'opened';
      readonly governance: Governance;
      readonly profileHash: string;
      readonly policy: PinnedPolicy | null;
      readonly deadlineAt: number;
      /** Of a session that begins. */
      readonly money?: PinnedBook;
      /** Of a session that begins: what it draws on with others. */
      readonly budgets?: readonly PinnedBudget[];
      /** Hash of the list of principals that the workers had; absent where they had none. */
      readonly principals?: string;
      /** Of a session that begins. */
      readonly startedBy?: Starter;
    }
  | {
      readonly type: 'moved';
      readonly from: StateName;
      readonly to: State;
      readonly by: string;
      readonly reason: string;
    }
  | { readonly type: 'commanded'; readonly name: string; readonly by: By }
  /** Temporal's cancel came, and waits for the end of a rollback. */
  | { readonly type: 'cancelKept' }
  | {
      readonly type: 'noted';
      readonly kind: 'audit' | 'notify' | 'runaway' | 'limit' | 'budget';
      readonly text: string;
    }
  | { readonly type: 'dutyOpened'; readonly duty: Duty }
  | { readonly type: 'checked'; readonly duties: readonly Duty[]; readonly over24h: boolean }
  /** Temporal began the run anew from an earlier point of its history. */
  | { readonly type: 'wasReset'; readonly at: number }
  | Lineage;

/** How a session hangs together with others, and with runs before its own. */
export type Lineage =
  /** The session began at a checkpoint of another. */
  | {
      readonly type: 'forked';
      readonly parent: string;
      readonly at: string;
      readonly actor: string;
      readonly reason: string;
      /** What runs in it, as its parent was started: `ID@VERSION`, and names. */
      readonly agent: string;
      readonly profile: string;
      readonly servers: readonly string[];
      readonly proven?: Proven;
    }
  /** Another session says that it was forked from this one. */
  | {
      readonly type: 'forkedInto';
      readonly fork: string;
      readonly at: string;
      readonly actor: string;
      readonly reason: string;
    }
  /** A new run took over the state of the last good one. */
  | {
      readonly type: 'recovered';
      readonly from: string;
      readonly actor: string;
      readonly reason: string;
      readonly proven?: Proven;
      /** When that was signed, epoch milliseconds. */
      readonly signedAt?: number;
    };
