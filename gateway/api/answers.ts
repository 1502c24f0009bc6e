import type { Completeness } from '../../audit/check/check.ts';
import type { Entry } from '../../audit/entry.ts';
import type { Report } from '../../audit/report/model.ts';
import type { AllApprovals } from '../../client/approvals/all.ts';
import type { ApprovalDetails } from '../../client/approvals/details.ts';
import type { AllBudgets } from '../../client/budgets/budgets.ts';
import type { SessionRecord } from '../../client/evidence/evidence.ts';
import type { Sealing } from '../../client/evidence/sealing.ts';
import type { AllIncidents } from '../../client/incidents/all.ts';
import type { Costs } from '../../client/list/cost.ts';
import type { NoticeView } from '../../client/list/notices.ts';
import type { SessionPage } from '../../client/list/page.ts';
import type { AllReviews } from '../../client/reviews/all.ts';
import type { Attached } from '../../client/session/agents/attached.ts';
import type { CallDetails } from '../../client/session/calls/details.ts';
import type { RecentCall } from '../../client/session/calls/recent.ts';
import type { StateSummary } from '../../client/session/describe.ts';
import type { RollbackPreview } from '../../client/session/preview.ts';
import type { Answer, ServerPin } from '../../protocol/calls/call.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Sealed } from '../../protocol/evidence/sealed.ts';
import type { Role } from '../../protocol/identity/standing.ts';
import type { BudgetView } from '../../protocol/money/budgets.ts';
import type { Accepted } from '../../protocol/replies.ts';
import type { SessionSpec } from '../../protocol/spec.ts';
import type { Json } from '../../protocol/values/json.ts';
import type { SessionView } from '../../protocol/view.ts';

/** Who asks, as the token says it. */
export interface Me {
  readonly issuer: string;
  readonly subject: string;
  readonly person: string;
  readonly roles: readonly Role[];
  /** The one session that it may enter; any where it is not there. */
  readonly session?: string;
}

/** A part of what happened to a session. */
export interface LogPage {
  readonly entries: readonly Entry[];
  /** `after` of the next part: how many entries there are up to here. */
  readonly next: number;
}

/** What is answered instead of anything else. */
export interface ApiError {
  readonly error: {
    readonly code: ErrorCode;
    /** What happened and why. */
    readonly message: string;
    /** What to do about it. */
    readonly remedy: string;
  };
}

/** A session that was started. */
export interface Started {
  readonly id: string;
}

/** Calls, oldest first. */
export interface CallPage {
  readonly calls: readonly RecentCall[];
}

/** A call that was taken, and has no answer yet. */
export interface Parked {
  readonly callId: string;
}

/** A part of the records of a session. */
export interface RecordPage {
  readonly records: readonly SessionRecord[];
  /** `after` of the next part; absent on the last. */
  readonly next?: number;
}

/** How far a session is sealed. */
export interface EvidenceState extends Sealing {
  /** Somebody seals the sessions of its task queue. */
  readonly isKept: boolean;
}

/** Why attempts of a call were allowed or denied, each as `custody policy explain --json` gives it. */
export interface Explained {
  readonly attempts: readonly Json[];
}

/** As `custody policy coverage --json` gives it. */
export type Coverage = Json;

/** The oldest first. */
export type Notices = readonly NoticeView[];

/** By the name of the server. */
export interface Pins {
  readonly [server: string]: ServerPin;
}

/** A sign of life was taken. */
export interface Beaten {
  readonly ok: true;
}

/** What the API answers, by the name that it has in the OpenAPI document. */
export interface Answers {
  readonly Accepted: Accepted;
  readonly AllApprovals: AllApprovals;
  readonly AllBudgets: AllBudgets;
  readonly AllIncidents: AllIncidents;
  readonly AllReviews: AllReviews;
  readonly Answer: Answer;
  readonly ApiError: ApiError;
  readonly ApprovalDetails: ApprovalDetails;
  readonly Attached: Attached;
  readonly Beaten: Beaten;
  readonly BudgetView: BudgetView;
  readonly CallDetails: CallDetails;
  readonly CallPage: CallPage;
  readonly Completeness: Completeness;
  readonly Costs: Costs;
  readonly Coverage: Coverage;
  readonly Entry: Entry;
  readonly EvidenceState: EvidenceState;
  readonly Explained: Explained;
  readonly LogPage: LogPage;
  readonly Me: Me;
  readonly Notices: Notices;
  readonly Parked: Parked;
  readonly Pins: Pins;
  readonly RecordPage: RecordPage;
  readonly Report: Report;
  readonly RollbackPreview: RollbackPreview;
  readonly Sealed: Sealed;
  readonly SessionPage: SessionPage;
  readonly SessionView: SessionView;
  /** Its schema is that of what starts a session. */
  readonly Spec: SessionSpec | null;
  readonly Started: Started;
  readonly StateSummary: StateSummary;
}
