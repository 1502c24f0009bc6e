import {
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { decode } from '../../audit/history.ts';
import type { CallProgress } from '../../protocol/calls/call.ts';
import type { ProgressMark } from '../../protocol/calls/marks.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { SessionView } from '../../protocol/view.ts';
import { describeQuery, WORKFLOW_TYPE } from '../../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import type { Context } from '../context.ts';
import { endingOf, type Loss } from './ending.ts';
import { opened } from '../temporal/opened.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { findingsOf } from '../list/findings.ts';
import { pagesBack } from '../temporal/history.ts';
import { query } from '../temporal/query.ts';

/**
 * A session as it is: from the workflow while it lives, from its result once it has ended, for which no worker is
 * needed.
 */
export async function describeSession(context: Context, id: string): Promise<SessionView> {
  const { client } = context;
  try {
    const execution = await client.workflow.getHandle(id).describe();
    if (execution.status.name !== 'RUNNING') return await endedView(client, execution);
    const view = await query(context, id, describeQuery, Date.now());
    await opened(client, id, execution.raw.pendingActivities);
    const progress = progressIn(execution);
    return {
      ...view,
      reason: view.state === 'INIT' ? waitingFor(execution) : view.reason,
      openCalls: view.openCalls.map((call) => ({
        ...call,
        ...(call.phase === 'running' ? progress.get(call.callId) : undefined),
      })),
    };
  } catch (error) {
    throw (await deleted(context, id, error)) ?? toCustodyError(error, id);
  }
}

/** Why a session that begins is not open yet: what went wrong at the last try, which leaves no event. */
function waitingFor({ raw }: WorkflowExecutionDescription): string | null {
  const failures = (raw.pendingActivities ?? []).flatMap(({ lastFailure }) => lastFailure?.message ?? []);
  return failures.length > 0 ? `waits for its servers: ${failures.join('; ')}` : null;
}

/** What the servers of calls under way have said last: it stands in their heartbeats, and leaves no event. */
function progressIn({ raw }: WorkflowExecutionDescription): ReadonlyMap<string, { readonly progress: CallProgress }> {
  const details = (raw.pendingActivities ?? []).flatMap(({ heartbeatDetails }) => decode(heartbeatDetails));
  const said = details.flatMap((mark) =>
    isObject(mark) && isObject(mark.progress)
      ? [mark.progress as unknown as NonNullable<ProgressMark['progress']>]
      : [],
  );
  return new Map(said.map(({ callId, ...progress }) => [callId, { progress }]));
}

/** What Temporal itself knows of a session, without a worker. */
export interface StateSummary {
  readonly state: string;
  readonly ended: boolean;
  /** What somebody has to do for it to go on, such as `approve`, `topUp` and `resume`. */
  readonly pending: readonly string[];
  /** The actor; null of a fork that has not begun. */
  readonly startedBy: string | null;
  /** `name=value` each. */
  readonly labels: readonly string[];
}

/** The state of a session, and whether it has ended, as Temporal itself knows them: no worker is asked. */
export async function stateOf(client: Client, id: string): Promise<StateSummary> {
  try {
    const { type, status, typedSearchAttributes } = await client.workflow.getHandle(id).describe();
    if (type !== WORKFLOW_TYPE) throw new CustodyError('SESSION_NOT_FOUND', `The workflow '${id}' is no session.`);
    return {
      state: typedSearchAttributes.get(SEARCH_ATTRIBUTES.state) ?? status.name,
      ended: status.name !== 'RUNNING',
      pending: typedSearchAttributes.get(SEARCH_ATTRIBUTES.pending) ?? [],
      startedBy: typedSearchAttributes.get(SEARCH_ATTRIBUTES.startedBy) ?? null,
      labels: typedSearchAttributes.get(SEARCH_ATTRIBUTES.labels) ?? [],
    };
  } catch (error) {
    throw toCustodyError(error, id);
  }
}

/** Waits until a session has ended. */
export async function awaitEnd(client: Client, id: string): Promise<SessionView> {
  try {
    return (await client.workflow.getHandle(id).result()) as SessionView;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return endedView(client, await client.workflow.getHandle(id).describe());
    throw toCustodyError(error, id);
  }
}

/** A session as it ended. @throws CustodyError SESSION_LOST where it did not end as sessions do */
export async function endedView(client: Client, execution: WorkflowExecutionDescription): Promise<SessionView> {
  const ending = await endingOf(client, execution);
  if ('view' in ending) return cancelledInTemporal(client, execution, ending.view);
  throw lost(execution.workflowId, ending.loss);
}

/** A session does not hear who cancels its workflow; the history says what their client called itself. */
async function cancelledInTemporal(
  client: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
  view: SessionView,
): Promise<SessionView> {
  if (view.code !== 'SESSION_CANCELLED' || !view.reason?.startsWith(CANCELLED)) return view;
  const last = await pagesBack(client, workflowId, LAST, runId)
    .next()
    .catch(() => undefined);
  const events = last?.value ?? [];
  const asked = events.find((event) => event.workflowExecutionCancelRequestedEventAttributes);
  const by = asked?.workflowExecutionCancelRequestedEventAttributes?.identity;
  return by ? { ...view, reason: `cancelled in Temporal by ${by}${view.reason.slice(CANCELLED.length)}` } : view;
}

const CANCELLED = 'cancelled by temporal: cancelled in Temporal';
/** Events at the end of a session among which its cancel is looked for. */
const LAST = 500;

/** SESSION_LOST, with all that Temporal says of it. */
const lost = (id: string, { how, by, reason, at }: Loss): CustodyError =>
  new CustodyError(
    'SESSION_LOST',
    `The workflow of session '${id}' is ${how} in Temporal since ` +
      `${at}${by === null ? '' : `, by ${by}`}${reason === '' ? '' : `: ${reason}`}`,
  );

/** HISTORY_GONE for a session that is not there and of which the watcher knows that it was deleted. */
export async function deleted(
  { client, taskQueue }: Context,
  id: string,
  error: unknown,
): Promise<CustodyError | undefined> {
  if (!(error instanceof WorkflowNotFoundError)) return undefined;
  const finding = (await findingsOf(client, taskQueue).catch(() => [])).findLast(
    (each) => each.id === id && each.what === 'deleted',
  );
  return (
    finding &&
    new CustodyError(
      'HISTORY_GONE',
      `The session '${id}' was deleted in Temporal, noticed at ${new Date(finding.at).toISOString()}.`,
      { cause: error },
    )
  );
}
