import type { RecordBody } from '../../protocol/records.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** The life of a session, on record. */
export function lifecycleRecord(event: Event): RecordBody | undefined {
  switch (event.type) {
    case 'opened':
      return opening(event);
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
      const { type: _, actor, proven: __, ...rest } = event;
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

/** The first record of a session: what it runs under, who started it, and why. */
function opening({ profileHash, deadlineAt, policy, principals, startedBy }: Of<'opened'>): RecordBody {
  const reason = startedBy?.reason ? { reason: startedBy.reason } : {};
  const under = {
    profileHash,
    deadlineAt,
    ...(policy ? { policy: policy.hash } : {}),
    ...(principals === undefined ? {} : { principals }),
    ...reason,
  };
  return record('session', 'governance', under, startedBy?.actor, startedBy?.proven);
}
