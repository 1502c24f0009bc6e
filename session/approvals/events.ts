import type { Approval, ApprovalEnd, Vote } from '../../protocol/calls/approvals.ts';
import type { Grant } from '../../protocol/calls/policy.ts';

/** What can happen to what persons are asked. */
export type ApprovalEvent =
  | { readonly type: 'approvalAsked'; readonly approval: Approval }
  | { readonly type: 'approvalGiven'; readonly approval: Approval; readonly vote: Vote }
  | {
      readonly type: 'approvalEnded';
      readonly approval: Approval;
      readonly as: ApprovalEnd;
      readonly by: string;
      readonly reason: string;
      readonly at: number;
      /** Of an approved call: what its next attempt carries. */
      readonly grant?: Grant;
    };
