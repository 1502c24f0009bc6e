import { temporal } from '@temporalio/proto';
import type { HistoryEvent } from '../../history.ts';
import { type Finding, finding, type GivenRun, idOf } from '../finding.ts';

const TYPES = temporal.api.enums.v1.EventType as unknown as { readonly [name: string]: number };
const SUFFIX = 'EventAttributes';

/** The kinds of events that workflows of Custody leave in a history. */
const KNOWN = [
  'workflowExecutionStarted',
  'workflowExecutionCompleted',
  'workflowExecutionFailed',
  'workflowExecutionTimedOut',
  'workflowExecutionTerminated',
  'workflowExecutionCanceled',
  'workflowExecutionContinuedAsNew',
  'workflowExecutionCancelRequested',
  'workflowExecutionSignaled',
  'workflowExecutionUpdateAdmitted',
  'workflowExecutionUpdateAccepted',
  'workflowExecutionUpdateCompleted',
  'workflowExecutionOptionsUpdated',
  'workflowTaskScheduled',
  'workflowTaskStarted',
  'workflowTaskCompleted',
  'workflowTaskTimedOut',
  'workflowTaskFailed',
  'activityTaskScheduled',
  'activityTaskStarted',
  'activityTaskCompleted',
  'activityTaskFailed',
  'activityTaskTimedOut',
  'activityTaskCancelRequested',
  'activityTaskCanceled',
  'timerStarted',
  'timerFired',
  'timerCanceled',
  'markerRecorded',
  'signalExternalWorkflowExecutionInitiated',
  'signalExternalWorkflowExecutionFailed',
  'externalWorkflowExecutionSignaled',
  'upsertWorkflowSearchAttributes',
  'workflowPropertiesModified',
] as const;
export type Kind = (typeof KNOWN)[number];

const TYPE_OF = new Map<Kind, number | undefined>(
  KNOWN.map((kind) => [kind, TYPES[`EVENT_TYPE_${kind.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`]]),
);

/** Numbers and ids in the attributes of an event, whatever kind it is of; hostile until read. */
export type Attributes = { readonly [name: string]: unknown };

/** What kind an event is of, by what it holds; undefined for one that holds none, or several. */
export function kindOf(event: HistoryEvent): Kind | undefined {
  const held = KNOWN.filter((kind) => attributesIn(event, kind) !== undefined);
  return held.length === 1 ? held[0] : undefined;
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
    if (kind === undefined || says !== TYPE_OF.get(kind))
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
