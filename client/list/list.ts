import { CustodyError } from '../../protocol/errors.ts';
import { STATE_NAMES, type StateName } from '../../protocol/states.ts';
import type { Finding } from '../../session/watcher/watch.ts';
import { WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { toCustodyError } from '../temporal/errors.ts';
import type { Context } from '../context.ts';
import { findingsOf } from './findings.ts';

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

export async function* listSessions(
  { client, taskQueue }: Context,
  { state, agent, limit = 100 }: ListOptions,
): AsyncGenerator<SessionSummary> {
  if (state !== undefined && !STATE_NAMES.includes(state as StateName))
    throw new CustodyError('USAGE', `There is no state '${state}'; there are ${STATE_NAMES.join(', ')}.`);
  const terms = [`WorkflowType = '${WORKFLOW_TYPE}'`, `ExecutionStatus != 'ContinuedAsNew'`];
  if (state !== undefined) terms.push(`${SEARCH_ATTRIBUTES.state.name} = '${state}'`);
  if (agent !== undefined)
    terms.push(`${SEARCH_ATTRIBUTES.agent.name} = '${agent.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`);
  let left = limit;
  const listed = new Set<string>();
  let findings: Promise<readonly Finding[]> | undefined;
  const causeOf = async (runId: string): Promise<string | null> => {
    const found = (await (findings ??= findingsOf(client, taskQueue))).findLast((each) => each.runId === runId);
    return found ? [found.by && `by ${found.by}`, found.reason].filter(Boolean).join(': ') : null;
  };
  try {
    for await (const execution of client.workflow.list({ query: terms.join(' AND ') })) {
      if (left <= 0) return;
      if (listed.has(execution.workflowId)) continue; // An earlier run, from before a reset or a recovery.
      listed.add(execution.workflowId);
      left -= 1;
      const { typedSearchAttributes: attributes, status } = execution;
      const lost = status.name === 'TERMINATED' || status.name === 'TIMED_OUT' || status.name === 'CANCELLED';
      yield {
        id: execution.workflowId,
        state: lost ? `${status.name} in Temporal` : (attributes.get(SEARCH_ATTRIBUTES.state) ?? 'unknown'),
        cause: lost ? await causeOf(execution.runId) : (attributes.get(SEARCH_ATTRIBUTES.cause) ?? null),
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
