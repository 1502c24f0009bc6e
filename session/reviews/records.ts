import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';
import { type AskedReview, isReview } from './asked.ts';

/** What is reviewed, on record. What persons are asked and say of reviews is told here, and not as approvals. */
export function reviewRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'reviewDue':
      return record('compliance', 'review-due', { cause: event.cause, how: event.how });
    case 'reviewedByRules': {
      const { review, causes, verdict, findings, by } = event.done;
      if (verdict === 'objection') return undefined;
      return record('compliance', 'reviewed', { review, causes, verdict, rules: event.rules, findings }, by);
    }
    case 'approvalAsked':
      return isReview(event.approval) ? asked(event.approval) : undefined;
    case 'approvalGiven': {
      const { approval, vote } = event;
      if (!isReview(approval)) return undefined;
      const { subject, id, persons, votes } = approval;
      const { review, causes } = subject;
      const { actor, reason: finding, verdict = 'passed' } = vote;
      const said = { review, causes, verdict, approval: id, finding, votes: votes.length + 1, persons };
      return record('compliance', 'reviewed', said, actor);
    }
    default:
      return undefined;
  }
}

function asked({ id: approval, subject, why, persons, expiresAt: dueAt, requester }: AskedReview): RecordBody {
  const { review, findings } = subject;
  return record('compliance', 'review-asked', { review, approval, why, findings, persons, dueAt }, requester);
}
