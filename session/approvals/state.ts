import type { Approval, ApprovalEnd } from '../../protocol/calls/approvals.ts';

/** What persons are asked, and what they were asked last. */
export interface Approvals {
  /** In the order in which they were asked. */
  readonly approvals: readonly Approval[];
  readonly endedApprovals: readonly EndedApproval[];
  /** How many were asked so far: the next has the next number. */
  readonly approvalsAsked: number;
}

export interface EndedApproval {
  readonly id: string;
  readonly digest: string;
  readonly as: ApprovalEnd;
  readonly by: string;
  readonly reason: string;
  readonly at: number;
}

export const NO_APPROVALS: Approvals = { approvals: [], endedApprovals: [], approvalsAsked: 0 };
