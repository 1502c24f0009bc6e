import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';
import { whatIsAsked } from './subject.ts';

/** What persons are asked and say, on record. */
export function approvalRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'approvalAsked': {
      const { id: approval, subject, why, rules, digest, persons, expiresAt, requester } = event.approval;
      const data = { approval, what: whatIsAsked(subject), why, rules, digest, persons, expiresAt };
      return record('compliance', 'approval-asked', data, requester);
    }
    case 'approvalGiven': {
      const { id: approval, digest, persons, votes } = event.approval;
      const { actor, reason } = event.vote;
      return record('compliance', 'approved', { approval, digest, reason, votes: votes.length + 1, persons }, actor);
    }
    case 'approvalEnded': {
      const { approval, as, by, reason } = event;
      return record('compliance', 'approval-ended', { approval: approval.id, as, reason }, by);
    }
    default:
      return undefined;
  }
}
