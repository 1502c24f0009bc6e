import { type Finding, finding } from '../finding.ts';
import type { Kind, Typed } from './kinds.ts';

/** Ends that a workflow decides on itself: it leaves nothing under way then. */
const DECIDED: ReadonlySet<Kind | undefined> = new Set<Kind>([
  'workflowExecutionCompleted',
  'workflowExecutionFailed',
  'workflowExecutionContinuedAsNew',
]);

/** What may be under way when a run is left: notices are passed on again by the next. */
const MAY_BE_OPEN: ReadonlySet<string> = new Set(['passOn']);

/** Did a run that ended by itself leave an activity or an update without its end? */
export function checkLeftOpen(run: string, events: readonly Typed[]): readonly Finding[] {
  if (!DECIDED.has(events.at(-1)?.kind)) return [];
  const open = new Map<number, Kind>();
  for (const { id, kind, attributes } of events) {
    if (kind === 'activityTaskScheduled' && !MAY_BE_OPEN.has(typeOf(attributes))) open.set(id, kind);
    if (kind === 'workflowExecutionUpdateAccepted') open.set(id, kind);
    // Whoever asks an activity to end need not wait for it.
    if (kind.startsWith('activityTask') && kind !== 'activityTaskStarted')
      open.delete(Number(attributes.scheduledEventId));
    if (kind === 'workflowExecutionUpdateCompleted') open.delete(Number(attributes.acceptedEventId));
  }
  return [...open].map(([id, kind]) => finding('LEFT_OPEN', { kind }, { run, events: [id] }));
}

function typeOf({ activityType }: Typed['attributes']): string {
  const type = activityType as { readonly name?: unknown } | null | undefined;
  return String(type?.name);
}
