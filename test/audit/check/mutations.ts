import type { HistoryEvent } from '../../../audit/history.ts';
import { idOf } from '../../../audit/check/finding.ts';

/** What somebody may do to one event of a history. */
export const MUTATIONS: {
  readonly [name: string]: (events: readonly HistoryEvent[], index: number) => readonly HistoryEvent[];
} = {
  'is deleted': (events, index) => events.toSpliced(index, 1),
  'is doubled': (events, index) => events.toSpliced(index, 0, events[index]!),
  'is swapped with the next': (events, index) =>
    index + 1 < events.length ? events.toSpliced(index, 2, events[index + 1]!, events[index]!) : events,
};

const REFERENCES = [
  'scheduledEventId',
  'startedEventId',
  'workflowTaskCompletedEventId',
  'initiatedEventId',
  'acceptedEventId',
  'acceptedRequestSequencingEventId',
] as const;

/** The events with ids from 1 on, and with all that refers to events by their new ids. */
export function renumbered(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  const ids = new Map(events.map((event, index) => [idOf(event), index + 1]));
  return events.map((event, index) => {
    const copy: Record<string, unknown> = { ...event, eventId: index + 1 };
    for (const [name, attributes] of Object.entries(event)) {
      if (!name.endsWith('EventAttributes') || !attributes) continue;
      const changed: Record<string, unknown> = { ...(attributes as object) };
      for (const field of REFERENCES) {
        const id = Number(changed[field] ?? 0);
        if (id !== 0) changed[field] = ids.get(id) ?? Math.max(1, id - 1);
      }
      copy[name] = changed;
    }
    return copy as HistoryEvent;
  });
}
