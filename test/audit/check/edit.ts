import type { HistoryEvent } from '../../../audit/history.ts';
import { decode } from '../../../audit/history.ts';
import { type GivenRun, idOf } from '../../../audit/check/finding.ts';

/** Changes to histories, as somebody might make them who can write the file. */

type Changeable = { [member: string]: any };

/** A payload with another value. */
export const payloadOf = (value: unknown) => ({
  metadata: { encoding: new TextEncoder().encode('json/plain') },
  data: new TextEncoder().encode(JSON.stringify(value)),
});

/** The runs with one event changed. @param change gets a copy of what the event holds */
export function edited(
  runs: readonly GivenRun[],
  which: (event: HistoryEvent) => boolean,
  change: (attributes: Changeable, event: Changeable) => void,
): readonly GivenRun[] {
  const place = runs.findIndex(({ events }) => events.some(which));
  const run = runs[place];
  if (!run) throw new Error('no such event');
  const index = run.events.findIndex(which);
  const copy: Changeable = { ...run.events[index] };
  const name = Object.keys(copy).find((each) => each.endsWith('EventAttributes') && copy[each])!;
  copy[name] = { ...copy[name] };
  change(copy[name], copy);
  return runs.with(place, { ...run, events: run.events.with(index, copy as HistoryEvent) });
}

/** Is it an event with this id? */
export const withId =
  (id: number) =>
  (event: HistoryEvent): boolean =>
    idOf(event) === id;

/** The runs with the records changed that hold one of this kind. */
export const withRecords = (
  runs: readonly GivenRun[],
  kind: string,
  change: (records: Changeable[]) => Changeable[],
): readonly GivenRun[] =>
  edited(
    runs,
    (event) => recordsIn(event).some((record) => record.kind === kind),
    (attributes) => {
      const records = structuredClone(recordsIn({ workflowPropertiesModifiedEventAttributes: attributes }));
      attributes.upsertedMemo = { fields: { audit: payloadOf(change(records)) } };
    },
  );

function recordsIn(event: HistoryEvent): Changeable[] {
  const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.audit;
  const [records] = memo ? decode({ payloads: [memo] }) : [];
  return Array.isArray(records) ? (records as Changeable[]) : [];
}

/** The runs with the value changed that an event holds in these payloads. */
export const withValue = (
  runs: readonly GivenRun[],
  which: (event: HistoryEvent) => boolean,
  change: (value: Changeable) => void,
): readonly GivenRun[] =>
  edited(runs, which, (attributes) => {
    const failure = attributes.failure?.applicationFailureInfo;
    const holder = attributes.acceptedRequest?.input ?? attributes;
    const name = ['input', 'result', 'args'].find((each) => holder[each]?.payloads);
    const payloads = failure?.details ?? (name ? holder[name] : attributes.outcome?.success);
    const value = structuredClone(decode(payloads)[0]) as Changeable;
    change(value);
    const next = { payloads: [payloadOf(value)] };
    if (failure) attributes.failure = { ...attributes.failure, applicationFailureInfo: { ...failure, details: next } };
    else if (name && holder !== attributes)
      attributes.acceptedRequest = { ...attributes.acceptedRequest, input: { ...holder, [name]: next } };
    else if (name) attributes[name] = next;
    else attributes.outcome = { success: next };
  });

/** Is it the attempt of a call? */
export const attemptOf =
  (callId: string) =>
  (event: HistoryEvent): boolean => {
    const scheduled = event.activityTaskScheduledEventAttributes;
    const [intent] = scheduled?.activityType?.name === 'callTool' ? decode(scheduled.input) : [];
    return (intent as Changeable | undefined)?.callId === callId;
  };

/** Is it the end of that attempt? @param runs that it is in */
export const endOf = (runs: readonly GivenRun[], callId: string): ((event: HistoryEvent) => boolean) => {
  const attempt = runs.flatMap(({ events }) => events).find(attemptOf(callId));
  return ({ activityTaskCompletedEventAttributes: done, activityTaskFailedEventAttributes: failed }) =>
    String((done ?? failed)?.scheduledEventId) === String(attempt?.eventId);
};
