import type { AttemptOutcome, ServerPin } from '../protocol/calls/call.ts';
import type { Proven } from '../protocol/identity/standing.ts';
import type { WorkerIdentity } from '../protocol/workers/worker.ts';
import type { Refusal } from '../protocol/errors.ts';
import type { Governance } from '../protocol/governance.ts';
import type { Lease } from '../protocol/calls/lease.ts';
import type { UndoPage } from '../protocol/calls/undo.ts';
import type { NoticeKind } from '../protocol/notices/kinds.ts';
import type { PinnedBook } from '../protocol/money/prices.ts';
import type { Drawn, PinnedBudget } from '../protocol/money/budgets.ts';
import type { Ref } from '../protocol/values/payload.ts';
import type { HeldLease } from './servers/binding.ts';
import type { Lineage } from './lifecycle/events.ts';
import type { PinnedPolicy } from './policy/state.ts';

/** What came of the effects that a session wanted, and what happened to its workflow. */
export type Fact =
  /** Temporal's own cancel. */
  | { readonly type: 'cancelled'; readonly runId: string }
  /**
   * Temporal started the run anew from an earlier point of its history: what happened after that point is not known to
   * it.
   */
  | { readonly type: 'reset' }
  | Lineage
  /** Workers that opened servers for the session: they hold connections for it. */
  | { readonly type: 'workersSeen'; readonly workers: readonly WorkerIdentity[] }
  | {
      readonly type: 'opened';
      readonly governance: Governance;
      readonly profileHash: string;
      /** Absent where the profile names no rules. */
      readonly policy?: PinnedPolicy;
      readonly servers: { readonly [name: string]: ServerPin };
      /** What things cost, by the operator's file as it is now. */
      readonly money?: PinnedBook;
      /** What it draws on with other sessions; absent where nothing is. */
      readonly budgets?: readonly PinnedBudget[];
      /** Of the stateful ones, who holds them now. */
      readonly leases?: { readonly [server: string]: HeldLease };
      /** Hash of the list of principals that the workers have; absent where they have none. */
      readonly principals?: string;
      /** Who started the session, where that was signed. */
      readonly starter?: Proven;
      /** Notices that somebody wants; absent where nobody does. */
      readonly notices?: readonly NoticeKind[];
    }
  | { readonly type: 'openFailed'; readonly refusal: Refusal; readonly notices?: readonly NoticeKind[] }
  /** A worker gives a lease up in order, before it stops. From outside, and so not to be trusted. */
  | { readonly type: 'released'; readonly server: string; readonly lease: string }
  /** The holder of a lease says that it does not know it, or does not answer at all. */
  | {
      readonly type: 'leaseLost';
      readonly server: string;
      readonly lease: string;
      readonly why: string;
      readonly holderGone: boolean;
    }
  | {
      readonly type: 'reopened';
      readonly server: string;
      readonly pin: ServerPin;
      readonly worker: WorkerIdentity;
      readonly lease: Lease | null;
    }
  | { readonly type: 'reopenFailed'; readonly server: string; readonly refusal: Refusal }
  | { readonly type: 'attemptEnded'; readonly callId: string; readonly outcome: AttemptOutcome }
  | { readonly type: 'drawn'; readonly budget: string; readonly answer: Drawn }
  | { readonly type: 'drawFailed'; readonly budget: string; readonly n: number; readonly refusal: Refusal }
  | { readonly type: 'pageRead'; readonly page: UndoPage }
  | { readonly type: 'pageLost'; readonly refusal: Refusal }
  | {
      readonly type: 'pageWritten';
      readonly ref: Ref;
      /** Number of its last entry. */
      readonly upTo: number;
    };

/** One of them by name. */
export type FactOf<T extends Fact['type']> = Extract<Fact, { type: T }>;
