import type { Usage } from './agent.ts';
import type { ApprovalEnd } from './calls/approvals.ts';
import type { LeftOut } from './calls/call.ts';
import type { ReviewCause, ReviewFinding, ReviewMode, ReviewName } from './reviews/reviews.ts';
import type { IncidentCause, Severity } from './incidents/incident.ts';
import type { Proven } from './identity/standing.ts';
import type { ReportName } from './reports/names.ts';
import type { Json } from './values/json.ts';

/** The three layers of the audit trail. */
export const LAYERS = ['session', 'execution', 'compliance'] as const;
export type Layer = (typeof LAYERS)[number];

interface OfCall {
  readonly callId: string;
}

interface Trouble extends OfCall {
  readonly code: string;
  readonly message: string;
}

interface Judged extends OfCall {
  readonly rules: readonly string[];
  readonly message: string;
}

interface Told {
  readonly text: string;
  /** Stands in the history event of the command alone, where that is an update. */
  readonly data?: Json;
  readonly usage?: Usage & { readonly model: string };
}

/** What is on record of each kind of thing that happens. Instants are epoch milliseconds. */
export interface RecordKinds {
  // Session
  readonly governance: {
    readonly profileHash: string;
    readonly deadlineAt: number;
    /** Hash of the rules that calls are decided by. */
    readonly policy?: string;
    /** Hash of the list of principals. */
    readonly principals?: string;
    /** Why it was started. */
    readonly reason?: string;
  };
  readonly transition: {
    readonly from: string;
    readonly to: string;
    /** Of a pause. */
    readonly cause?: string;
    readonly reason: string;
  };
  readonly 'deadline-warning': { readonly deadlineAt: number };
  readonly deadline: { readonly why: 'timeout' | 'idle'; readonly graceUntil: number };
  readonly extended: { readonly ms: number; readonly deadlineAt: number; readonly reason: string };
  readonly 'deadline-shifted': { readonly ms: number; readonly deadlineAt: number };
  readonly 'tools-left-out': { readonly server: string; readonly tools: readonly LeftOut[] };
  readonly 'server-lost': { readonly server: string; readonly why: string };
  readonly 'server-reopened': {
    readonly server: string;
    readonly worker: string;
    readonly generation: number;
    readonly why: string;
  };
  readonly checkpoint: { readonly name: string; readonly effects: number };
  readonly 'rollback-begun': { readonly to: string | null };
  readonly attached: { readonly reason: string | null };
  readonly 'state-saved': { readonly bytes: number; readonly sha256: string | null; readonly reason: string | null };
  readonly 'agent-back': { readonly [key: string]: never };
  readonly forked: {
    readonly parent: string;
    readonly at: string;
    readonly reason: string;
    readonly agent: string;
    readonly profile: string;
    readonly servers: readonly string[];
  };
  readonly 'forked-into': { readonly fork: string; readonly at: string; readonly reason: string };
  readonly notify: { readonly text: string };
  readonly 'cancel-kept': { readonly [key: string]: never };
  // Execution
  readonly 'attempt-repeated': Trouble;
  readonly asks: OfCall & { readonly messages: readonly string[] };
  readonly responded: OfCall & { readonly actions: readonly string[]; readonly reason: string };
  readonly 'ask-withdrawn': OfCall & { readonly actions: readonly string[]; readonly reason: string };
  readonly 'call-refused': Trouble;
  readonly decision: Told;
  readonly 'api-request': Told;
  readonly usage: Told;
  // Compliance
  readonly 'changes-accepted': { readonly names: readonly string[] };
  readonly 'in-doubt': Trouble;
  /** Rules denied a call. */
  readonly denied: Judged;
  /** Rules on trial would have: nothing came of it. */
  readonly 'would-deny': Judged;
  readonly 'ask-refused': OfCall & { readonly methods: readonly string[] };
  readonly 'approval-asked': {
    readonly approval: string;
    readonly what: string;
    readonly why: string;
    readonly rules: readonly string[];
    readonly digest: string;
    readonly persons: number;
    readonly expiresAt: number;
  };
  readonly approved: {
    readonly approval: string;
    readonly digest: string;
    readonly reason: string;
    /** With this one, of so many. */
    readonly votes: number;
    readonly persons: number;
  };
  readonly 'approval-ended': { readonly approval: string; readonly as: ApprovalEnd; readonly reason: string };
  readonly resolved: OfCall & { readonly as: string; readonly reason: string };
  readonly restart:
    | { readonly of: 'worker'; readonly worker: string | null; readonly lost: boolean; readonly callId: string | null }
    | { readonly of: 'agent'; readonly text: string };
  readonly audit: { readonly text: string };
  readonly runaway: { readonly text: string };
  readonly limit: { readonly text: string };
  readonly budget: { readonly text: string };
  /** Amounts are integer micro-USD. */
  readonly 'cost-alert': { readonly percent: number; readonly text: string };
  readonly 'topped-up': { readonly microUsd: number; readonly limit: number; readonly reason: string };
  /** A call cost more than it could by its limits. */
  readonly overrun: OfCall & { readonly cost: number; readonly excess: number };
  readonly incident: {
    readonly incident: string;
    readonly what: IncidentCause;
    readonly severity: Severity;
    readonly callId?: string;
    readonly text: string;
    /** What was done about it. */
    readonly done: string;
  };
  /** `times`: how often it was seen. */
  readonly 'incident-closed': { readonly incident: string; readonly times: number; readonly reason: string };
  readonly 'check-due': { readonly duty: string };
  readonly checked: { readonly duties: readonly string[] };
  /** Something calls for an extra review. */
  readonly 'review-due': { readonly cause: ReviewCause; readonly how: ReviewMode };
  /** Persons are asked for a review. */
  readonly 'review-asked': {
    readonly review: ReviewName;
    readonly approval: string;
    readonly why: string;
    readonly findings: readonly ReviewFinding[];
    readonly persons: number;
    readonly dueAt: number;
  };
  /** Rules, or a person, did a review. */
  readonly reviewed:
    | {
        readonly review: ReviewName;
        readonly causes: readonly ReviewCause[];
        readonly verdict: 'passed' | 'findings';
        /** Names of all that looked. */
        readonly rules: readonly string[];
        readonly findings: readonly ReviewFinding[];
      }
    | {
        readonly review: ReviewName;
        readonly causes: readonly ReviewCause[];
        readonly verdict: 'passed' | 'objection';
        readonly approval: string;
        readonly finding: string;
        /** With this one, of so many. */
        readonly votes: number;
        readonly persons: number;
      };
  readonly undone: { readonly what: string; readonly how: string };
  readonly 'not-undone': { readonly what: string; readonly why: string };
  readonly rollback: { readonly undone: number; readonly remaining: number; readonly shown: readonly string[] };
  readonly refused: { readonly command: string; readonly code: string; readonly message: string };
  /** A report of the end; `figures` as `Reports` has them. */
  readonly report: { readonly of: ReportName; readonly figures: unknown };
  readonly reset: { readonly [key: string]: never };
  readonly recovered: { readonly from: string; readonly reason: string };
}

export type RecordKind = keyof RecordKinds;

/** What is on record of one thing that happened, as data: words are made where it is shown. */
export type RecordBody = {
  readonly [K in RecordKind]: {
    readonly layer: Layer;
    readonly kind: K;
    readonly data: RecordKinds[K];
    /** Who, where somebody is behind it: claimed, unless there is a proof. */
    readonly by?: string;
    readonly proof?: Proven;
  };
}[RecordKind];

/**
 * An entry of the audit trail that no other event of the history shows. Numbered without gaps in a session, over all
 * its runs.
 */
export type AuditRecord = RecordBody & {
  readonly n: number;
  /** Epoch milliseconds. */
  readonly at: number;
};
