import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

/** The life of a session, on record. */
export function lifecycleRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'opened': {
      const { profileHash, deadlineAt, policy } = event;
      return record('session', 'governance', { profileHash, deadlineAt, ...(policy ? { policy: policy.hash } : {}) });
    }
    case 'moved': {
      const { from, to, reason, by } = event;
      const cause = to.name === 'PAUSED' ? { cause: to.cause } : {};
      return record('session', 'transition', { from, to: to.name, ...cause, reason }, by);
    }
    case 'cancelKept':
      return record('session', 'cancel-kept', {});
    case 'noted':
      return record(event.kind === 'notify' ? 'session' : 'compliance', event.kind, { text: event.text });
    case 'dutyOpened':
      return record('compliance', 'check-due', { duty: event.duty.kind });
    case 'checked':
      return record('compliance', 'checked', { duties: event.duties.map(({ kind }) => kind) });
    case 'wasReset':
      return record('compliance', 'reset', {});
    case 'forked': {
      const { type: _, actor, ...rest } = event;
      return record('session', 'forked', rest, actor);
    }
    case 'forkedInto': {
      const { fork, at, reason, actor } = event;
      return record('session', 'forked-into', { fork, at, reason }, actor);
    }
    case 'recovered':
      return record('compliance', 'recovered', { from: event.from, reason: event.reason }, event.actor);
    default:
      return undefined;
  }
}
