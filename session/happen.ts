import type { Event } from './events.ts';
import { evolve } from './evolve.ts';
import { type Asker, provenBy } from './records/record.ts';
import { recordOf } from './records/records.ts';
import { noted, type Run } from './run.ts';

/** Events after which lists show something else. */
const SHOWN: ReadonlySet<Event['type']> = new Set([
  'moved',
  'extended',
  'callInDoubt',
  'callAsks',
  'callResponded',
  'approvalAsked',
  'approvalEnded',
  'incidentOpened',
  'incidentClosed',
  'callResolved',
  'deadlineShifted',
  'deadlineReached',
]);

/**
 * The run after an event: the session changes here alone, and what is to stand on record is noted.
 *
 * @param who asked for it, where somebody did
 */
export function happen(run: Run, event: Event, now: number, who?: Asker): Run {
  const isShown = run.isShown && !SHOWN.has(event.type);
  const next = { ...run, session: evolve(run.session, event), isShown, happened: [...run.happened, event] };
  const body = recordOf(event);
  return body ? noted(next, provenBy(body, who), now) : next;
}
