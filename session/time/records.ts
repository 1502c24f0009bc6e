import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** Deadlines and extensions, on record. */
export function timeRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'warned':
      return record('session', 'deadline-warning', { deadlineAt: event.deadlineAt });
    case 'deadlineReached':
      return record('session', 'deadline', { why: event.why, graceUntil: event.graceUntil });
    case 'extended': {
      const { ms, deadlineAt, by } = event;
      return record('session', 'extended', { ms, deadlineAt, reason: by.reason }, by.actor, by.proven);
    }
    case 'deadlineShifted':
      return record('session', 'deadline-shifted', { ms: event.ms, deadlineAt: event.deadlineAt });
    default:
      return undefined;
  }
}
