import type { Client } from '@temporalio/client';
import { STATE_NAMES } from '../../protocol/states.ts';
import { PENDING } from '../../session/view/pending.ts';
import type { SessionCounts } from '../../telemetry/sessions.ts';
import { WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';

/** States in which a session can be that has not ended. */
const OPEN = STATE_NAMES.filter((state) => !['COMPLETED', 'FAILED', 'TIMEOUT'].includes(state));

/** Counts the sessions of a task queue by what Temporal lists: one after the other, a short request for each figure. */
export async function countSessions({ workflow }: Client, taskQueue: string): Promise<SessionCounts> {
  const queue = taskQueue.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
  const open = `WorkflowType = '${WORKFLOW_TYPE}' AND TaskQueue = '${queue}' AND ExecutionStatus = 'Running'`;
  const by = async (name: string, values: readonly string[]): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const value of values) counts[value] = (await workflow.count(`${open} AND ${name} = '${value}'`)).count;
    return counts;
  };
  const states = await by(SEARCH_ATTRIBUTES.state.name, OPEN);
  return { states, pending: await by(SEARCH_ATTRIBUTES.pending.name, PENDING) };
}
