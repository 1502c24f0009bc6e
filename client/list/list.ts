import { lister } from '../temporal/lister.ts';
import type { Standing } from '../../protocol/identity/standing.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { Finding } from '../../session/watcher/watch.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { toCustodyError } from '../temporal/errors.ts';
import type { Context } from '../context.ts';
import { findingsOf } from './findings.ts';
import { type Filter, queryOf } from './query.ts';

export interface ListOptions extends Filter {
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
  readonly startedBy: string | null;
  /** Did that one prove who it is? Null while the session begins, and of one that 0.1.0 began. */
  readonly standing: Standing | null;
  /** Why it was started; null where nobody said. */
  readonly reason: string | null;
  /** `name=value` each. */
  readonly labels: readonly string[];
  readonly startedAt: string;
  readonly closedAt: string | null;
  readonly deadlineAt: string | null;
  readonly inDoubt: number;
  /** Commands of people that it waits for: approve, resolve, respond, resume, extend, recover. */
  readonly pending: readonly string[];
}

/** What a session wrote down of its start. */
function startIn(memo: Record<string, unknown> | undefined): Pick<SessionSummary, 'standing' | 'reason'> {
  const { standing, reason } = isObject(memo?.started) ? memo.started : {};
  return {
    standing: standing === 'proven' || standing === 'claimed' ? standing : null,
    reason: typeof reason === 'string' && reason !== '' ? reason : null,
  };
}

export async function* listSessions(
  { client, taskQueue }: Context,
  { limit = 100, ...filter }: ListOptions,
): AsyncGenerator<SessionSummary> {
  const query = queryOf(filter);
  let left = limit;
  const listed = new Set<string>();
  let findings: Promise<readonly Finding[]> | undefined;
  const causeOf = async (runId: string): Promise<string | null> => {
    const found = (await (findings ??= findingsOf(client, taskQueue))).findLast((each) => each.runId === runId);
    return found ? [found.by && `by ${found.by}`, found.reason].filter(Boolean).join(': ') : null;
  };
  try {
    for await (const execution of lister(client).list({ query })) {
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
        startedBy: attributes.get(SEARCH_ATTRIBUTES.startedBy) ?? null,
        ...startIn(execution.memo),
        labels: attributes.get(SEARCH_ATTRIBUTES.labels) ?? [],
        startedAt: (attributes.get(SEARCH_ATTRIBUTES.startedAt) ?? execution.startTime).toISOString(),
        closedAt: execution.closeTime?.toISOString() ?? null,
        deadlineAt: attributes.get(SEARCH_ATTRIBUTES.deadline)?.toISOString() ?? null,
        inDoubt: attributes.get(SEARCH_ATTRIBUTES.inDoubt) ?? 0,
        pending: execution.closeTime ? [] : (attributes.get(SEARCH_ATTRIBUTES.pending) ?? []),
      };
    }
  } catch (error) {
    throw toCustodyError(error);
  }
}

/** The ids alone. */
export async function idsIn(context: Context, options: ListOptions): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of listSessions(context, options)) ids.push(id);
  return ids;
}
