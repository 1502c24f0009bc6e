import type { Refusal } from '../protocol/errors.ts';
import type { Lease } from '../protocol/calls/lease.ts';
import type { AttemptId, ServerPin } from '../protocol/calls/call.ts';
import type { AttemptOrder, AttemptReport } from '../protocol/calls/said.ts';
import type { ProofCheck, Verdict } from '../protocol/identity/proof.ts';
import type { Proven } from '../protocol/identity/standing.ts';
import type { WorkerIdentity } from '../protocol/workers/worker.ts';
import type { Recalled } from '../session/calls/attempts/silence.ts';
import type { Carried } from '../session/capacity/carried.ts';
import type { Governance } from '../protocol/governance.ts';
import type { Seen } from '../session/watcher/watch.ts';
import type { JsonObject } from '../protocol/values/json.ts';
import type { PolicyDocument } from '../protocol/calls/policy.ts';
import type { NoticeKind } from '../protocol/notices/kinds.ts';
import type { About, Notice } from '../protocol/notices/notice.ts';
import type { Draw, Drawn, PinnedBudget } from '../protocol/money/budgets.ts';
import type { PinnedBook } from '../protocol/money/prices.ts';
import type { NamespaceLeaf } from '../protocol/evidence/namespaceLog.ts';
import type { Listed } from '../protocol/evidence/listed.ts';
import type { EvidenceOrder, OrderDone } from '../protocol/evidence/orders.ts';
import type { Sealed } from '../protocol/evidence/sealed.ts';
import type { Ref } from '../protocol/values/payload.ts';
import type { UndoPage } from '../protocol/calls/undo.ts';

/** The state with which the last good run of a session ended, or was cut off. */
export interface LastRun {
  readonly runId: string;
  readonly carried: Carried;
}

/** A run that is not there any more; `expired`: its retention was over. */
export interface Gone {
  readonly runId: string;
  readonly expired: boolean;
}

export interface OpenedServer {
  readonly pin: ServerPin;
  readonly worker: WorkerIdentity;
  /** Of a server that keeps state for the session. */
  readonly lease?: Lease;
}

/** A notice, and where it shall go. */
export interface Delivery {
  /** Name of the destination. */
  readonly to: string;
  /** Whose notice it is. */
  readonly session: string;
  readonly about: About;
  readonly notice: Notice;
}

export interface LoadProfile {
  readonly profile: string;
  readonly overrides: JsonObject;
  readonly servers: readonly string[];
  /** Of a session that begins: when, in epoch milliseconds, and the proof of who started it, if there is one. */
  readonly start?: {
    readonly at: number;
    readonly check?: ProofCheck;
    /** Whose session it is; absent in what sessions asked that began before there were shared budgets. */
    readonly agent?: string;
    readonly labels?: { readonly [name: string]: string };
  };
}

export interface LoadedProfile {
  readonly governance: Governance;
  readonly profileHash: string;
  /** The rules of the profile, in full or by reference to the payload store; absent where it has none. */
  readonly policy?: { readonly hash: string } & ({ readonly document: PolicyDocument } | { readonly ref: Ref });
  /** What things cost. */
  readonly money?: PinnedBook;
  /** What the session draws on with others; absent where nothing is. */
  readonly budgets?: readonly PinnedBudget[];
  /** Hash of the list of principals; absent where the worker has none. */
  readonly principals?: string;
  /** Who started the session, where that was signed. */
  readonly starter?: Proven;
  /** Notices that somebody wants; absent where nobody does. */
  readonly notices?: readonly NoticeKind[];
}

export interface DrawOnBudget extends Draw {
  readonly sessionId: string;
  readonly budget: string;
  readonly at: number;
}

/** The side effects of a session. Each is one activity; workflows see only these types. */
export interface Activities {
  /**
   * Resolves a profile with a spec's overrides, and checks who starts the session. Fails with UNKNOWN_PROFILE,
   * UNKNOWN_SERVER, OVERRIDE_OUT_OF_BOUNDS, SPEC_INVALID, PRINCIPALS_INVALID, PROOF_MISSING, and as a proof does.
   */
  loadProfile(input: LoadProfile): Promise<LoadedProfile>;
  /** Is the actor of a command who it says, by this worker's list of principals as it is now? */
  proveActor(check: ProofCheck): Promise<Verdict>;
  /**
   * Opens a server and pins its tools. Fails with UNKNOWN_SERVER, SECRET_MISSING, SERVER_UNAVAILABLE,
   * SERVER_PROTOCOL_ERROR, TOO_MANY_TOOLS.
   */
  openServer(input: {
    readonly sessionId: string;
    readonly server: string;
    /** Milliseconds, from when it was scheduled, in which a server that cannot be reached is worth another try. */
    readonly wait?: number;
    /** The connection that the session is bound to: fails with LEASE_LOST where it is gone. */
    readonly lease?: string;
  }): Promise<OpenedServer>;
  /** Does this worker hold the connection that a session is bound to? */
  holdsLease(input: {
    readonly sessionId: string;
    readonly server: string;
    readonly lease: string;
  }): Promise<{ readonly held: boolean; readonly worker: WorkerIdentity }>;
  /**
   * The last good run of a session before the one that asks. Fails with HISTORY_GONE, HISTORY_UNREADABLE,
   * SESSION_NOT_FOUND.
   */
  readLastRun(input: { readonly sessionId: string; readonly runId: string }): Promise<LastRun>;
  /** The state of another session, for one that is forked from it. Fails with SESSION_NOT_FOUND, HISTORY_UNREADABLE. */
  readParent(input: { readonly sessionId: string }): Promise<LastRun>;
  /** What became of sessions since the last look. */
  lookAround(input: { readonly since: number; readonly from: number }): Promise<Seen>;
  /** Which of these runs are there no more. @param input.from when the oldest of them began */
  whichAreGone(input: {
    readonly runs: readonly { readonly id: string; readonly runId: string; readonly closedAt: number | null }[];
    readonly from: number;
  }): Promise<readonly Gone[]>;
  /**
   * Says to a shared budget what a session used and wants, and begins the budget where it does not run. Fails with
   * BUDGET_UNAVAILABLE.
   *
   * @param input.at the session's clock, in epoch milliseconds
   */
  drawOnBudget(input: DrawOnBudget): Promise<Drawn>;
  /** Makes one attempt of a call. A failure carries the outcome in its details. */
  callTool(intent: AttemptOrder): Promise<AttemptReport>;
  /**
   * What this worker, or one before it under its name, knows of an attempt whose end Temporal did not learn. Waits for
   * one that is still under way.
   */
  recallOutcome(input: AttemptId): Promise<Recalled>;
  /** Keeps a page of a session's undo log outside history. Fails with STORE_UNAVAILABLE. */
  keepUndoPage(page: UndoPage): Promise<Ref>;
  /** Fails with PAYLOAD_MISSING, PAYLOAD_CORRUPT, STORE_UNAVAILABLE. */
  readUndoPage(input: { readonly ref: Ref }): Promise<UndoPage>;
  /**
   * Writes notices of a session to the log of the worker, and hands them to the workflow that delivers them, as the
   * operator's file says.
   */
  passOn(input: {
    readonly sessionId: string;
    readonly about: About;
    readonly notices: readonly Notice[];
  }): Promise<void>;
  /**
   * Sends a notice to one destination, once. Fails with NOTICE_REFUSED, and with what may pass: NOTICE_NOT_DELIVERED,
   * NOTICE_ADDRESS_REFUSED, NOTICE_UNUSABLE, SECRET_MISSING.
   */
  deliver(input: Delivery): Promise<{ readonly status: number }>;
  /**
   * Adds to the log of a session what it has not yet, and tells the log of the namespace where that is due. Fails with
   * what may pass: EVIDENCE_UNAVAILABLE, BUNDLE_TORN; and with what does not: EVIDENCE_OFF, EVIDENCE_ERASED,
   * EVIDENCE_REFUSED, LOG_CONTRADICTS, BUNDLE_MALFORMED, NOTE_….
   *
   * @param input.known what the log had when it was added to last
   * @param input.listed what the log of the namespace was told last
   * @returns what both have now; `unlisted`: that of the namespace could not be told, and why
   */
  sealRecords(input: {
    readonly session: string;
    readonly known: Pick<Sealed, 'size' | 'root'>;
    readonly listed?: Listed;
  }): Promise<Pick<Sealed, 'size' | 'root' | 'isWhole' | 'unlisted'> & { readonly listed?: Listed }>;
  /**
   * Adds leaves to the log of a namespace, once, however often it is tried. Fails as `sealRecords` does.
   *
   * @param input.known what the log had when it was added to last; null: nobody knows
   * @returns what it has now; `failing`: nobody outside vouches for it, and why
   */
  sealNamespace(input: {
    readonly taskQueue: string;
    readonly known: { readonly size: number; readonly root: string } | null;
    readonly leaves: readonly NamespaceLeaf[];
  }): Promise<{ readonly size: number; readonly root: string; readonly failing?: Refusal }>;
  /**
   * Erases, holds or releases the evidence of a session, for somebody who signed that. Fails with EVIDENCE_MISSING,
   * EVIDENCE_HELD, EVIDENCE_OPEN, EVIDENCE_RETAINED, EVIDENCE_ERASED, ROLE_MISSING, and as a proof and
   * `sealRecords` do.
   */
  obeyOrder(input: { readonly session: string; readonly order: EvidenceOrder }): Promise<OrderDone>;
  /** Closes the connections that this worker holds for a session. */
  closeSession(input: { readonly sessionId: string }): Promise<void>;
}
