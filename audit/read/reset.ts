import type { HistoryEvent } from '../history.ts';

const RESET_WORKFLOW = 20; // WorkflowTaskFailedCause

export interface Reset {
  /** Id of the first event that is not a copy. */
  readonly point: number;
  /** Id of the run that came of it. */
  readonly run: string | undefined;
  /** Id of the run that was reset. */
  readonly base: string;
}

/**
 * Where a run that came from a reset begins to differ from the run before; of the last reset, where there were several.
 * Undefined for another run.
 */
export function resetIn(events: readonly HistoryEvent[]): Reset | undefined {
  const event = events.findLast((each) => each.workflowTaskFailedEventAttributes?.cause === RESET_WORKFLOW);
  const { newRunId, baseRunId } = event?.workflowTaskFailedEventAttributes ?? {};
  return event && { point: Number(event.eventId), run: newRunId ?? undefined, base: baseRunId ?? '' };
}
