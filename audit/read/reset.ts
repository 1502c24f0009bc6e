import type { HistoryEvent } from '../history.ts';

const RESET_WORKFLOW = 20; // WorkflowTaskFailedCause

/**
 * The event with which a run that came from a reset begins to differ from the run before, and the id of the run; of the
 * last reset, where there were several. Undefined for another run.
 */
export function resetIn(
  events: Iterable<HistoryEvent>,
): { readonly point: number; readonly run: string | undefined } | undefined {
  let found: ReturnType<typeof resetIn>;
  for (const { eventId, workflowTaskFailedEventAttributes: failed } of events)
    if (failed?.cause === RESET_WORKFLOW) found = { point: Number(eventId), run: failed.newRunId ?? undefined };
  return found;
}
