import type { HistoryEvent } from '../../history.ts';
import { type Finding, finding, type GivenRun, idOf } from '../finding.ts';

const SUFFIX = 'EventAttributes';

/** The kinds of events that workflows of Custody leave in a history, with Temporal's number of each (EventType). */
const TYPES = {
  workflowExecutionStarted: 1,
  workflowExecutionCompleted: 2,
  workflowExecutionFailed: 3,
  workflowExecutionTimedOut: 4,
  workflowTaskScheduled: 5,
  workflowTaskStarted: 6,
  workflowTaskCompleted: 7,
  workflowTaskTimedOut: 8,
  workflowTaskFailed: 9,
  activityTaskScheduled: 10,
  activityTaskStarted: 11,
  activityTaskCompleted: 12,
  activityTaskFailed: 13,
  activityTaskTimedOut: 14,
  activityTaskCancelRequested: 15,
  activityTaskCanceled: 16,
  timerStarted: 17,
  timerFired: 18,
  timerCanceled: 19,
  workflowExecutionCancelRequested: 20,
  workflowExecutionCanceled: 21,
  markerRecorded: 25,
  workflowExecutionSignaled: 26,
  workflowExecutionTerminated: 27,
  workflowExecutionContinuedAsNew: 28,
  signalExternalWorkflowExecutionInitiated: 37,
  signalExternalWorkflowExecutionFailed: 38,
  externalWorkflowExecutionSignaled: 39,
  upsertWorkflowSearchAttributes: 40,
  workflowExecutionUpdateAccepted: 41,
  workflowExecutionUpdateCompleted: 43,
  workflowPropertiesModified: 46,
  workflowExecutionUpdateAdmitted: 47,
  workflowExecutionOptionsUpdated: 55,
} as const;
export type Kind = keyof typeof TYPES;

/** Numbers and ids in the attributes of an event, whatever kind it is of; hostile until read. */
export type Attributes = { readonly [name: string]: unknown };

/** What kind an event is of, by what it holds; undefined for one that holds nothing known, or several. */
export function kindOf(event: HistoryEvent): Kind | undefined {
  const held = Object.keys(event).filter((name) => name.endsWith(SUFFIX) && (event as Attributes)[name]);
  const kind = held[0]?.slice(0, -SUFFIX.length) ?? '';
  return held.length === 1 && Object.hasOwn(TYPES, kind) ? (kind as Kind) : undefined;
}

export const attributesIn = (event: HistoryEvent, kind: Kind): Attributes | undefined =>
  ((event as Attributes)[`${kind}${SUFFIX}`] as Attributes | null | undefined) ?? undefined;

/** An event with its kind, and what that kind holds. */
export interface Typed {
  readonly id: number;
  readonly kind: Kind;
  readonly attributes: Attributes;
  readonly event: HistoryEvent;
}

/** The events of a run that are of a known kind, and those that are not, as findings. */
export function typed({ runId: run, events }: GivenRun): {
  readonly known: readonly Typed[];
  readonly findings: readonly Finding[];
} {
  const known: Typed[] = [];
  const findings: Finding[] = [];
  for (const event of events) {
    const [id, kind] = [idOf(event), kindOf(event)];
    const says = Number(event.eventType ?? 0);
    if (kind === undefined || says !== TYPES[kind])
      findings.push(finding('EVENT_KIND', { type: says, kind: kind ?? null }, { run, events: [id] }));
    if (kind !== undefined) known.push({ id, kind, attributes: attributesIn(event, kind) ?? {}, event });
  }
  return { known, findings };
}

/** Kinds with which a run ends. */
export const ENDINGS: ReadonlySet<Kind> = new Set<Kind>([
  'workflowExecutionCompleted',
  'workflowExecutionFailed',
  'workflowExecutionTimedOut',
  'workflowExecutionTerminated',
  'workflowExecutionCanceled',
  'workflowExecutionContinuedAsNew',
]);
