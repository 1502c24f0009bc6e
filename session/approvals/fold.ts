import { LIMITS } from '../../protocol/limits.ts';
import type { Event } from '../events.ts';
import type { Approvals, EndedApproval } from './state.ts';

/** What persons are asked, after an event. */
export function foldApprovals(state: Approvals, event: Event): Partial<Approvals> | undefined {
  const { approvals, endedApprovals, approvalsAsked } = state;
  switch (event.type) {
    case 'approvalAsked':
      return { approvals: [...approvals, event.approval], approvalsAsked: approvalsAsked + 1 };
    case 'approvalGiven':
      return {
        approvals: approvals.map((each) =>
          each.id === event.approval.id ? { ...each, votes: [...each.votes, event.vote] } : each,
        ),
      };
    case 'approvalEnded': {
      const { approval, as, by, reason, at } = event;
      const ended: EndedApproval = { id: approval.id, digest: approval.digest, as, by, reason, at };
      return {
        approvals: approvals.filter(({ id }) => id !== approval.id),
        endedApprovals: [...endedApprovals, ended].slice(-LIMITS.endedApprovals),
      };
    }
    case 'reviewOverdue':
      return {
        approvals: approvals.map((each) => (each.id === event.approval.id ? { ...each, isOverdue: true } : each)),
      };
    default:
      return undefined;
  }
}
