import type { AllApprovals } from '../../client/approvals/all.ts';
import type { ApprovalDetails } from '../../client/approvals/details.ts';
import type { SessionSummary } from '../../client/list/list.ts';
import type { StateSummary } from '../../client/session/describe.ts';
import type { Entry } from '../../audit/entry.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import type { Role } from '../../protocol/identity/standing.ts';
import type { Accepted } from '../../protocol/replies.ts';
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

/** A page of sessions. */
export interface SessionPage {
  readonly sessions: readonly SessionSummary[];
  /** `cursor` of the next page; absent on the last. */
  readonly next?: string;
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

/** What the API answers, by the name that it has in the OpenAPI document. */
export interface Answers {
  readonly Me: Me;
  readonly SessionPage: SessionPage;
  readonly SessionView: SessionView;
  readonly StateSummary: StateSummary;
  readonly LogPage: LogPage;
  readonly Entry: Entry;
  readonly Accepted: Accepted;
  readonly AllApprovals: AllApprovals;
  readonly ApprovalDetails: ApprovalDetails;
  readonly ApiError: ApiError;
}
