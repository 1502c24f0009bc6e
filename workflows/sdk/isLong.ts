import { workflowInfo } from '@temporalio/workflow';
import { LIMITS } from '../../protocol/limits.ts';

/** Should the workflow go on in a new run? @param events of a run, beyond which it should */
export function isLong(events: number = LIMITS.eventsPerRun): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > events;
}
