import { type Finding, finding } from '../finding.ts';
import type { Kind, Typed } from './kinds.ts';

interface Reference {
  readonly field: string;
  readonly to: Kind;
  /** May it be none (0)? A task that nobody took was never started. */
  readonly optional?: true;
  /** Only one event of those with the same `ends` may refer to one. */
  readonly ends?: string;
  /** What both events have to say alike. */
  readonly same?: readonly [its: string, other: string];
}

const ofActivity = (kind: { readonly optional?: true } = {}): readonly Reference[] => [
  { field: 'scheduledEventId', to: 'activityTaskScheduled', ends: 'activity' },
  { field: 'startedEventId', to: 'activityTaskStarted', same: ['scheduledEventId', 'scheduledEventId'], ...kind },
];
const ofTask = (kind: { readonly optional?: true } = {}): readonly Reference[] => [
  { field: 'scheduledEventId', to: 'workflowTaskScheduled', ends: 'task' },
  { field: 'startedEventId', to: 'workflowTaskStarted', same: ['scheduledEventId', 'scheduledEventId'], ...kind },
];
const COMMAND: Reference = { field: 'workflowTaskCompletedEventId', to: 'workflowTaskCompleted' };
const OF_TIMER: Reference = {
  field: 'startedEventId',
  to: 'timerStarted',
  ends: 'timer',
  same: ['timerId', 'timerId'],
};
const OF_SIGNAL: Reference = {
  field: 'initiatedEventId',
  to: 'signalExternalWorkflowExecutionInitiated',
  ends: 'signal',
};

/** What events refer to. */
const REFERENCES: { readonly [kind in Kind]?: readonly Reference[] } = {
  workflowTaskStarted: [{ field: 'scheduledEventId', to: 'workflowTaskScheduled', ends: 'start' }],
  workflowTaskCompleted: ofTask(),
  workflowTaskFailed: ofTask({ optional: true }),
  workflowTaskTimedOut: ofTask({ optional: true }),
  activityTaskScheduled: [COMMAND],
  activityTaskStarted: [{ field: 'scheduledEventId', to: 'activityTaskScheduled', ends: 'start' }],
  activityTaskCompleted: ofActivity(),
  activityTaskFailed: ofActivity({ optional: true }),
  activityTaskTimedOut: ofActivity({ optional: true }),
  activityTaskCanceled: ofActivity({ optional: true }),
  activityTaskCancelRequested: [
    COMMAND,
    { field: 'scheduledEventId', to: 'activityTaskScheduled', ends: 'cancel request' },
  ],
  timerStarted: [COMMAND],
  timerFired: [OF_TIMER],
  timerCanceled: [COMMAND, OF_TIMER],
  markerRecorded: [COMMAND],
  signalExternalWorkflowExecutionInitiated: [COMMAND],
  signalExternalWorkflowExecutionFailed: [OF_SIGNAL],
  externalWorkflowExecutionSignaled: [OF_SIGNAL],
  upsertWorkflowSearchAttributes: [COMMAND],
  workflowPropertiesModified: [COMMAND],
  workflowExecutionUpdateCompleted: [
    { field: 'acceptedEventId', to: 'workflowExecutionUpdateAccepted', ends: 'update' },
  ],
  workflowExecutionCompleted: [COMMAND],
  workflowExecutionFailed: [COMMAND],
  workflowExecutionCanceled: [COMMAND],
  workflowExecutionContinuedAsNew: [{ ...COMMAND, optional: true }],
};

/** Does each event refer to one that is there before it, and is of the kind that it must be? */
export function checkReferences(run: string, events: readonly Typed[]): readonly Finding[] {
  const findings: Finding[] = [];
  const before = new Map<number, Typed>();
  const ended = new Map<string, number>();
  for (const event of events) {
    for (const reference of REFERENCES[event.kind] ?? []) {
      const { field, to, optional, ends } = reference;
      const target = Number(event.attributes[field] ?? 0);
      if (target === 0 && optional) continue;
      const place = { run, events: [event.id] };
      if (!isMeant(event, reference, before.get(target)))
        findings.push(finding('REFERENCE', { kind: event.kind, field, to, target }, place));
      if (ends === undefined) continue;
      const first = ended.get(`${ends} ${target}`);
      if (first !== undefined)
        findings.push(finding('REFERENCE_REPEATED', { to, target }, { run, events: [first, event.id] }));
      ended.set(`${ends} ${target}`, event.id);
    }
    before.set(event.id, event);
  }
  return findings;
}

function isMeant(event: Typed, { to, same }: Reference, target: Typed | undefined): boolean {
  if (target?.kind !== to) return false;
  if (same && String(event.attributes[same[0]]) !== String(target.attributes[same[1]])) return false;
  if (event.kind !== 'workflowExecutionUpdateCompleted') return true;
  const meta = event.attributes.meta as { readonly updateId?: unknown } | null | undefined;
  return String(meta?.updateId) === String(target.attributes.protocolInstanceId);
}
