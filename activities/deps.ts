import type { WhenLost } from '../protocol/calls/lease.ts';
import type { SendingMark } from '../protocol/calls/marks.ts';
import type { Gone, LastRun } from './types.ts';
import type { McpConnection } from '../mcp/connection.ts';
import type { CallOptions, Reply } from '../mcp/calls/call.ts';
import type { Continuation } from '../protocol/calls/asks.ts';
import type { AttemptId, AttemptOutcome, Effect, Intent } from '../protocol/calls/call.ts';
import type { PrincipalList } from '../protocol/identity/principals.ts';
import type { WorkerIdentity } from '../protocol/workers/worker.ts';
import type { Governance } from '../protocol/governance.ts';
import type { JsonObject } from '../protocol/values/json.ts';
import type { Evidence, Values } from './evidence/deps.ts';
import type { NoticeKind } from '../protocol/notices/kinds.ts';
import type { About, Notice } from '../protocol/notices/notice.ts';
import type { Format } from './notices/message.ts';
import type { Receiver } from './notices/send.ts';
import type { BudgetTerms, Drawn, DrawRequest, PinnedBudget } from '../protocol/money/budgets.ts';
import type { PinnedBook } from '../protocol/money/prices.ts';
import type { PolicyDecision, PolicyDocument } from '../protocol/calls/policy.ts';
import type { PayloadStore } from '../protocol/values/payload.ts';
import type { Scanner } from './scan/scanner.ts';
import type { UndoRule } from '../protocol/calls/undo.ts';
import type { Seen } from '../session/watcher/watch.ts';

/** What the worker lends to the activities. */
export interface ActivityDeps {
  readonly worker: WorkerIdentity;
  readonly config: Configuration;
  readonly connections: Connections;
  readonly outcomes: Outcomes;
  readonly slots: Slots;
  readonly policies: Policies;
  /** Looks for what a profile wants kept out of calls and their answers. */
  readonly scanner: Pick<Scanner, 'scan'>;
  /** Values that are too large for history. */
  readonly payloads: PayloadStore;
  readonly values: Values;
  readonly runs: Runs;
  readonly principals: Principals;
  readonly budgets: SharedBudgets;
  readonly lookout: Lookout;
  readonly notices: Notices;
  readonly evidence: Evidence;
  readonly telemetry: Telemetry;
  /** Writes a heartbeat and waits until Temporal has it. Throws when the attempt is no longer wanted. */
  readonly mark: (taskToken: Uint8Array, mark: SendingMark) => Promise<void>;
  /**
   * What the last heartbeat of an activity says that Temporal has, whichever way it came; undefined where there is none
   * yet. Throws when the attempt is no longer wanted.
   */
  readonly lastHeartbeat: (
    execution: { readonly workflowId: string; readonly runId: string },
    activityId: string,
  ) => Promise<unknown>;
}

/** The rules that this worker knows. */
export interface Policies {
  /**
   * What rules say of an attempt, and why in words; undefined where no set here has the hash that it names. Never
   * throws: what cannot be evaluated is denied.
   *
   * @param called what is sent, which for a compensation is not what the intent says
   * @param isApproved persons approved exactly that
   */
  decide(
    intent: Intent,
    called: { readonly tool: string; readonly args: JsonObject },
    isApproved: boolean,
  ): Promise<Decided | undefined>;
}

export interface Decided {
  readonly decision: PolicyDecision;
  readonly why: string;
  /** Of what needs approval. */
  readonly approval?: { readonly persons: number; readonly expires: number };
}

/** The list of principals. */
export interface Principals {
  /**
   * As it is now; null where custody.yaml names none.
   * @throws CustodyError PRINCIPALS_INVALID where it cannot be read
   */
  current(): Promise<PrincipalList | null>;
}

/** Where notices go. */
export interface Notices {
  /** Kinds that somebody wants. */
  readonly kinds: readonly NoticeKind[];
  /** Writes notices to the log where they belong there, and starts or tells the workflow that delivers them. */
  pass(sessionId: string, about: About, notices: readonly Notice[]): Promise<void>;
  /** A destination with its secrets. Fails with NOTICE_UNUSABLE or SECRET_MISSING. */
  receiver(name: string): Promise<Receiver & { readonly format: Format }>;
}

/** What is told of attempts outside of Custody. It is no evidence, and none of it fails or waits. */
export interface Telemetry {
  /** An attempt is sent from now on, over this connection. */
  sends(intent: Intent, over: Pick<Connection, 'protocolVersion' | 'protocolSession'>): Sent;
  /** How an attempt ended. @param sent undefined where it was not sent */
  ended(intent: Intent, outcome: AttemptOutcome, sent: Sent | undefined): void;
}

/** An attempt that is being sent. */
export interface Sent {
  /** W3C trace context for the server; undefined where the call is of no trace. */
  readonly traceparent: string | undefined;
  /** It was answered, or will not be. */
  over(): void;
}

/** Room for calls on the stateful servers that this worker holds, whichever task queue they came by. */
export interface Slots {
  /** How many there are. */
  readonly count: number;
  /** @returns gives the slot back; undefined when none is free */
  take(): (() => void) | undefined;
}

/** How the sessions of the task queue stand in Temporal, for the watcher. Instants are epoch milliseconds. */
export interface Lookout {
  around(since: number, from: number): Promise<Seen>;
  gone(
    runs: readonly { readonly id: string; readonly runId: string; readonly closedAt: number | null }[],
    from: number,
  ): Promise<readonly Gone[]>;
}

/** Other runs of sessions. */
export interface Runs {
  /** Fails with HISTORY_GONE, HISTORY_UNREADABLE or SESSION_NOT_FOUND. @param runId the run that asks */
  last(sessionId: string, runId: string): Promise<LastRun>;
  /** The state of a session as of now, or as it ended. Fails with SESSION_NOT_FOUND or HISTORY_UNREADABLE. */
  current(sessionId: string): Promise<LastRun>;
}

/** The budgets that sessions share. */
export interface SharedBudgets {
  /** @throws CustodyError BUDGET_UNAVAILABLE where it is not known how the budget stands */
  draw(id: string, request: DrawRequest): Promise<Drawn>;
}

/** The operator's file, as activities ask it. */
export interface Configuration {
  /** Fails with UNKNOWN_PROFILE, OVERRIDE_OUT_OF_BOUNDS or SPEC_INVALID. */
  governance(profile: string, overrides: JsonObject): { readonly governance: Governance; readonly hash: string };
  /** The rules of a profile; undefined where it has none. */
  policy(profile: string): { readonly hash: string; readonly document: PolicyDocument } | undefined;
  /** The prices that a session with these servers pins. */
  prices(servers: readonly string[]): PinnedBook;
  /** The budgets that a session draws on with others. */
  budgetsFor(of: {
    readonly agent: string;
    readonly profile: string;
    readonly labels: { readonly [name: string]: string };
  }): readonly PinnedBudget[];
  /** What a budget allows; undefined where the file has none of that name. @param id `NAME` or `NAME/KEY` */
  budget(id: string): BudgetTerms | undefined;
  /** Undefined where the file has no such server. */
  serverHash(server: string): string | undefined;
  toolRule(
    server: string,
    tool: string,
  ): {
    readonly effect?: Effect;
    readonly timeout?: number;
    readonly undo?: UndoRule;
    readonly checkArguments?: boolean;
  };
  trustsAnnotations(server: string): boolean;
  whenLost(server: string): WhenLost;
}

/** MCP connections, opened on demand and shared. */
export interface Connections {
  /**
   * @param lease the connection that it must be; none is opened then
   * @throws CustodyError LEASE_LOST where that one is gone, WORKER_LOST where this worker opens none any more
   */
  acquire(sessionId: string, server: string, signal: AbortSignal, lease?: string): Promise<Connection>;
  holds(sessionId: string, server: string, lease: string): Promise<boolean>;
  /** Goes on with the call of this id (`HeldCall`). Fails with CONNECTION_LOST where it is not open any more. */
  goOn(
    sessionId: string,
    held: string,
    responses: Continuation['responses'],
    options: Pick<CallOptions, 'signal' | 'timeout'>,
  ): Promise<Reply>;
  /** Gives up the session's calls that are held open, too. */
  closeSession(sessionId: string): Promise<void>;
}

/** A connection as whoever acquired it uses it. */
export interface Connection extends Pick<
  McpConnection,
  'lease' | 'closed' | 'protocolVersion' | 'protocolSession' | 'offers' | 'leftOut' | 'tools' | 'call' | 'request'
> {
  /** To be called, and waited for, when no more calls are made: before the outcome is known to anybody else. */
  done(): Promise<void>;
}

/** Outcomes that Temporal may not have yet. */
export interface Outcomes {
  /** Runs an attempt and keeps its outcome; durable before it resolves where the call must not be repeated. */
  keep(intent: Intent, attempt: () => Promise<AttemptOutcome>): Promise<AttemptOutcome>;
  /** The outcome of this attempt and no other, once it has one; null when this worker never ran it. */
  recall(attempt: AttemptId): Promise<AttemptOutcome | null>;
}
