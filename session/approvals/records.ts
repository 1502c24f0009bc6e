import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';
import { whatIsAsked } from './subject.ts';

/** What persons are asked and say, on record. */
export function approvalRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'approvalAsked': {
      const { id: approval, subject, why, rules, digest, persons, expiresAt, requester } = event.approval;
      if (subject.kind === 'review') return undefined;
      const data = { approval, what: whatIsAsked(subject), why, rules, digest, persons, expiresAt };
      return record('compliance', 'approval-asked', data, requester);
    }
    case 'approvalGiven': {
      const { id: approval, digest, persons, votes, kind } = event.approval;
      if (kind === 'review') return undefined;
      const { actor, reason } = event.vote;
      return record('compliance', 'approved', { approval, digest, reason, votes: votes.length + 1, persons }, actor);
    }
    case 'approvalEnded': {
      const { approval, as, by, reason } = event;
      // The last finding is its end.
      if (approval.kind === 'review' && (as === 'approved' || as === 'rejected')) return undefined;
      return record('compliance', 'approval-ended', { approval: approval.id, as, reason }, by);
    }
    default:
      return undefined;
  }
}
