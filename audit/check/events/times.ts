import { instantOf } from '../../history.ts';
import { type Finding, finding } from '../finding.ts';
import type { Kind, Typed } from './kinds.ts';

/** Milliseconds by which the clocks of Temporal's hosts may differ. */
const CLOCKS = 1000;

/**
 * Events that Temporal keeps back while a workflow task is under way, or until they are of use, and writes with the
 * time at which they happened.
 */
const KEPT_BACK: ReadonlySet<Kind> = new Set<Kind>([
  'activityTaskStarted',
  'activityTaskCompleted',
  'activityTaskFailed',
  'activityTaskTimedOut',
  'activityTaskCanceled',
  'timerFired',
  'workflowExecutionSignaled',
  'workflowExecutionCancelRequested',
  'externalWorkflowExecutionSignaled',
  'signalExternalWorkflowExecutionFailed',
]);

/** Do the times of events go forward, as far as they have to? Each is of its event or earlier, and none goes back. */
export function checkTimes(run: string, events: readonly Typed[]): readonly Finding[] {
  const findings: Finding[] = [];
  const times = new Map<number, number>();
  let latest = 0;
  for (const { id, kind, attributes, event } of events) {
    const at = instantOf(event.eventTime);
    const since = KEPT_BACK.has(kind) ? causeOf(attributes, times) : latest;
    if (at < since - CLOCKS) findings.push(finding('TIME_BACKWARDS', { ms: since - at }, { run, events: [id] }));
    times.set(id, at);
    latest = Math.max(latest, at);
  }
  return findings;
}

/** When that happened which such an event follows; 0 for one that follows nothing. */
function causeOf(attributes: Typed['attributes'], times: ReadonlyMap<number, number>): number {
  const { startedEventId, scheduledEventId, initiatedEventId } = attributes;
  const cause = [startedEventId, scheduledEventId, initiatedEventId].map(Number).find((id) => times.has(id));
  return cause === undefined ? 0 : (times.get(cause) ?? 0);
}
