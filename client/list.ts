import type { Client } from '@temporalio/client';
import { CustodyError } from '../session/errors.ts';
import { STATE_NAMES, type StateName } from '../session/state.ts';
import { WORKFLOW_TYPE } from '../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/searchAttributes.ts';
import { toCustodyError } from './errors.ts';

export interface ListOptions {
  readonly state?: string | undefined;
  readonly agent?: string | undefined;
  /** At most so many, the newest first. Default 100. */
  readonly limit?: number | undefined;
}

/** A session as Temporal's visibility has it: for lists, and some moments behind. */
export interface SessionSummary {
  readonly id: string;
  readonly state: string;
  readonly cause: string | null;
  readonly agent: string | null;
  readonly profile: string | null;
  readonly startedAt: string;
  readonly closedAt: string | null;
  readonly deadlineAt: string | null;
  readonly inDoubt: number;
}

export async function* listSessions(client: Client, { state, agent, limit = 100 }: ListOptions): AsyncGenerator<SessionSummary> {
  if (state !== undefined && !STATE_NAMES.includes(state as StateName)) throw new CustodyError('USAGE', `There is no state '${state}'; there are ${STATE_NAMES.join(', ')}.`);
  const terms = [`WorkflowType = '${WORKFLOW_TYPE}'`, `ExecutionStatus != 'ContinuedAsNew'`];
  if (state !== undefined) terms.push(`${SEARCH_ATTRIBUTES.state.name} = '${state}'`);
  if (agent !== undefined) terms.push(`${SEARCH_ATTRIBUTES.agent.name} = '${agent.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`);
  let left = limit;
  try {
    for await (const execution of client.workflow.list({ query: terms.join(' AND ') })) {
      if (left <= 0) return;
      left -= 1;
      const { typedSearchAttributes: attributes, status } = execution;
      const lost = status.name === 'TERMINATED' || status.name === 'TIMED_OUT' || status.name === 'CANCELLED';
      yield {
        id: execution.workflowId,
        state: lost ? `${status.name} in Temporal` : (attributes.get(SEARCH_ATTRIBUTES.state) ?? 'unknown'),
        cause: attributes.get(SEARCH_ATTRIBUTES.cause) ?? null,
        agent: attributes.get(SEARCH_ATTRIBUTES.agent) ?? null,
        profile: attributes.get(SEARCH_ATTRIBUTES.profile) ?? null,
        startedAt: execution.startTime.toISOString(),
        closedAt: execution.closeTime?.toISOString() ?? null,
        deadlineAt: attributes.get(SEARCH_ATTRIBUTES.deadline)?.toISOString() ?? null,
        inDoubt: attributes.get(SEARCH_ATTRIBUTES.inDoubt) ?? 0,
      };
    }
  } catch (error) {
    throw toCustodyError(error);
  }
}
