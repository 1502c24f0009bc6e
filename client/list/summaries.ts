import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { Standing } from '../../protocol/identity/standing.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { Finding } from '../../session/watcher/watch.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import type { Context } from '../context.ts';
import { findingsOf } from './findings.ts';

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

/** Sessions of one list, as visibility has them, each once. */
export class Summaries {
  readonly #context: Context;
  readonly #listed = new Set<string>();
  #findings: Promise<readonly Finding[]> | undefined;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Undefined for an earlier run of one that was listed, from before a reset or a recovery. */
  async of(execution: WorkflowExecutionInfo): Promise<SessionSummary | undefined> {
    if (this.#listed.has(execution.workflowId)) return undefined;
    this.#listed.add(execution.workflowId);
    const { typedSearchAttributes: attributes, status } = execution;
    const lost = status.name === 'TERMINATED' || status.name === 'TIMED_OUT' || status.name === 'CANCELLED';
    return {
      id: execution.workflowId,
      state: lost ? `${status.name} in Temporal` : (attributes.get(SEARCH_ATTRIBUTES.state) ?? 'unknown'),
      cause: lost ? await this.#causeOf(execution.runId) : (attributes.get(SEARCH_ATTRIBUTES.cause) ?? null),
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

  async #causeOf(runId: string): Promise<string | null> {
    const { client, taskQueue } = this.#context;
    const found = (await (this.#findings ??= findingsOf(client, taskQueue))).findLast((each) => each.runId === runId);
    return found ? [found.by && `by ${found.by}`, found.reason].filter(Boolean).join(': ') : null;
  }
}

/** What a session wrote down of its start. */
function startIn(memo: Record<string, unknown> | undefined): Pick<SessionSummary, 'standing' | 'reason'> {
  const { standing, reason } = isObject(memo?.started) ? memo.started : {};
  return {
    standing: standing === 'proven' || standing === 'claimed' ? standing : null,
    reason: typeof reason === 'string' && reason !== '' ? reason : null,
  };
}
