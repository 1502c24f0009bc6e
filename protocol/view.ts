import type { MoneyView } from './money/view.ts';
import type { Usage } from './agent.ts';
import type { Approval, ApprovalKind, ApprovalSubject } from './calls/approvals.ts';
import type { Question } from './calls/questions.ts';
import type { CallOutcome, CallPhase, CallProgress, LeftOut, ReadMethod } from './calls/call.ts';
import type { Refusal } from './errors.ts';
import type { ReportName } from './reports/names.ts';
import type { Tally } from './reports/tally.ts';
import type { ProvenAct } from './identity/roles.ts';
import type { IncidentView } from './incidents/incident.ts';
import type { Proven, Standing } from './identity/standing.ts';
import type { ReviewsView } from './reviews/view.ts';
import type { PauseCause, StateName } from './states.ts';

/** A session as `describe`, `custody show` and the workflow's result give it. Instants are ISO 8601. */
export interface SessionView {
  readonly id: string;
  readonly state: StateName;
  /** Why it is paused. */
  readonly cause: PauseCause | null;
  /** Of a session in INIT, what it waits for; only in the SDK's `describe`. */
  readonly reason: string | null;
  /** How it ended, null while it lives; `code` says why where it did not complete. */
  readonly outcome: 'COMPLETED' | 'FAILED' | 'TIMEOUT' | null;
  readonly code: string | null;
  readonly agent: { readonly id: string; readonly version: string };
  readonly profile: string;
  readonly labels: { readonly [name: string]: string };
  /** Of a fork, when it was forked; its deadline counts from the start of its parent. */
  readonly startedAt: string;
  /** Who started it, and why; null where nobody said. */
  readonly startedBy: StartedBy | null;
  /** What only a proven actor may do. */
  readonly needsProof: readonly ProvenAct[];
  /** Null until the profile is loaded. */
  readonly deadlineAt: string | null;
  readonly graceUntil: string | null;
  /** Runs of the workflow chain. */
  readonly runs: number;
  readonly restarts: number;
  /** The session and the checkpoint that it was forked from, and what of `used` that one had used. */
  readonly parent: {
    readonly id: string;
    readonly at: string;
    readonly calls: number;
    readonly bytes: number;
  } | null;
  /** Since when it runs from an earlier point of its history, after a reset in Temporal; null otherwise. */
  readonly resetAt: string | null;
  readonly servers: readonly {
    readonly name: string;
    readonly protocolVersion: string;
    readonly tools: number;
    /** Tools that it lists and that cannot be called. */
    readonly leftOut?: readonly LeftOut[];
    /** Of one that keeps state: the worker that holds it, null while none does, and how often it was opened. */
    readonly held?: {
      readonly worker: string | null;
      readonly generation: number;
    };
  }[];
  readonly plan: { readonly done: number; readonly of: number } | null;
  readonly checkpoints: readonly { readonly name: string; readonly at: string; readonly effects: number }[];
  /** Effects on the world so far, and how many of them are undone. */
  readonly effects: { readonly made: number; readonly undone: number };
  /** Of a rollback under way. */
  readonly rollback: {
    readonly to: string | null;
    readonly undone: number;
    readonly remaining: number;
    readonly left: number;
  } | null;
  /**
   * The last calls, oldest first, open ones last. `outcome` is null while a call is queued, running or awaiting input.
   */
  readonly calls: readonly CallView[];
  readonly openCalls: readonly OpenCallView[];
  /** What persons are asked, oldest first. */
  readonly approvals: readonly ApprovalView[];
  /** Null in a session that is not open yet, or began before there were reviews. */
  readonly reviews: ReviewsView | null;
  /** The open ones, then the last that were closed, oldest first. */
  readonly incidents: readonly IncidentView[];
  /**
   * Calls taken in all and the bytes of their arguments and answers, with what the profile allows; null is no limit.
   */
  readonly used: {
    readonly calls: number;
    readonly maxCalls: number | null;
    readonly bytes: number;
    readonly maxBytes: number | null;
  };
  /** Calls that ended before those listed. */
  readonly olderCalls: number;
  /** Calls and commands that were refused, in all and by code. */
  readonly refusals: { readonly total: number; readonly codes: { readonly [code: string]: number } };
  /** What the agent saved of its own state. */
  readonly agentState: {
    readonly bytes: number;
    readonly at: string;
    readonly actor: string;
    readonly standing: Standing;
  } | null;
  /** Since when the agent is taken for lost; null while it is not. */
  readonly agentLostAt: string | null;
  /** Model usage that agents recorded, in sum. */
  readonly usage: Usage;
  /** Null in a session that is not open yet, or began before there were prices. */
  readonly money: MoneyView | null;
  /** The reports that its profile asks for. */
  readonly reports: readonly ReportName[];
  /** What they are made of; null in a session that began before anything was counted. */
  readonly tally: Tally | null;
}

/** Something that persons are asked. Instants are ISO 8601. */
export interface ApprovalView extends Pick<Approval, 'id' | 'digest' | 'why' | 'rules' | 'persons' | 'requester'> {
  readonly kind: ApprovalKind;
  readonly subject: ApprovalSubject;
  readonly openedAt: string;
  readonly expiresAt: string;
  /** Of the requester. */
  readonly standing: Standing;
  readonly votes: readonly {
    readonly actor: string;
    /** Who is behind the actor; the actor where that is only claimed. */
    readonly person: string;
    readonly standing: Standing;
    readonly reason: string;
    readonly at: string;
  }[];
}

export interface StartedBy {
  readonly actor: string;
  readonly reason: string;
  readonly standing: Standing;
  /** Of one who is proven. */
  readonly proof?: Proven;
}

export interface CallView {
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  /** Absent is `tools/call`; then `tool` is the name of one. */
  readonly method?: ReadMethod;
  readonly outcome: CallOutcome | 'in_doubt' | null;
  readonly attempts: number;
  readonly actor: string;
  /** When it ended; absent while it has not. */
  readonly endedAt?: string;
  /** The code with which it was refused, failed or cancelled, as long as its answer is kept. */
  readonly code?: string;
  /** A rollback took its effect back. */
  readonly undone?: true;
}

export interface OpenCallView {
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  readonly method?: ReadMethod;
  readonly phase: CallPhase;
  readonly attempts: number;
  readonly actor: string;
  readonly trouble: Refusal | null;
  /**
   * How far the server says that it is; there where it said so of a call that runs, and only in the SDK's `describe`.
   */
  readonly progress?: CallProgress;
  /** What the server wants to know, while it waits for that. Its words, not to be trusted. */
  readonly asks: readonly Question[] | null;
}
