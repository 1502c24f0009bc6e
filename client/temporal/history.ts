import type { Client } from '@temporalio/client';
import { type HistoryEvent, decode } from '../../audit/history.ts';
import { resetIn } from '../../audit/read/reset.ts';
import { isObject } from '../../protocol/values/json.ts';
import { abortable } from '../sdk/abortable.ts';
import { opened } from './opened.ts';
import { persist } from './persist.ts';

const LONG_POLL = 70_000;
/** Transactions in the first page of new events; each page after it has twice as many, up to the most. */
const FIRST_PAGE = 16;
const LARGEST_PAGE = 256;

export interface RunEvent {
  readonly runId: string;
  readonly event: HistoryEvent;
  /** A reset copied it from the run before, where it stands as well. */
  readonly isCopy: boolean;
}

/**
 * The history events of a session, over all its runs, in order: those that it was recovered from, and one that came
 * from a reset, too.
 *
 * @param follow go on with what happens from now, until the session ends
 */
export async function* historyOf(
  client: Client,
  workflowId: string,
  follow: boolean,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent> {
  const { connection } = client;
  const { first, current } = await abortable({ connection, signal }, () => chainsOf(client, workflowId));
  const seen = new Set<string>();
  for (const chain of first) {
    for (let runId: string | undefined = chain; runId;) {
      seen.add(runId);
      let next: string | undefined;
      for await (const event of eventsOf(client, workflowId, runId, follow, signal)) {
        yield { runId, event, isCopy: false };
        next = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId || undefined;
      }
      runId = next;
    }
  }
  if (seen.has(current)) return;
  const events: HistoryEvent[] = [];
  for await (const event of eventsOf(client, workflowId, current, false)) events.push(event);
  const { point = 0 } = resetIn(events) ?? {};
  for await (const event of eventsOf(client, workflowId, current, follow, signal))
    yield { runId: current, event, isCopy: Number(event.eventId) < point };
}

/** The first runs of the chains of a session, the oldest first, and the run that it is in now. */
export async function chainsOf(
  client: Client,
  workflowId: string,
): Promise<{ readonly first: readonly string[]; readonly current: string }> {
  const { raw, runId: current } = await client.workflow.getHandle(workflowId).describe();
  const last = raw.workflowExecutionInfo?.firstRunId || current;
  return { first: [...(await chainsBefore(client, workflowId, last)), last], current };
}

/** The first runs of the chains that a recovered session went on from, the oldest first. */
async function chainsBefore(client: Client, workflowId: string, first: string): Promise<readonly string[]> {
  const from = await recoveredFrom(client, workflowId, first);
  if (from === undefined) return [];
  const { raw } = await client.workflow.getHandle(workflowId, from).describe();
  const chain = raw.workflowExecutionInfo?.firstRunId || from;
  return [...(await chainsBefore(client, workflowId, chain)), chain];
}

/** The event that a run began with; undefined where Temporal has none. */
export async function firstEventOf(
  client: Client,
  workflowId: string,
  runId: string,
): Promise<HistoryEvent | undefined> {
  for await (const page of pagesOf(client, workflowId, runId, { pageSize: 1 })) return page[0];
  return undefined;
}

/** The run that a recovered run took its state from: the result of its first activity. */
async function recoveredFrom(client: Client, workflowId: string, runId: string): Promise<string | undefined> {
  const begun = await firstEventOf(client, workflowId, runId);
  const input = decode(begun?.workflowExecutionStartedEventAttributes?.input)[0];
  if (!isObject(input) || !('recover' in input)) return undefined;
  for await (const event of eventsOf(client, workflowId, runId, false)) {
    const result = decode(event.activityTaskCompletedEventAttributes?.result)[0];
    if (isObject(result) && typeof result.runId === 'string') return result.runId;
  }
  return undefined;
}

/** The events of one run, in order. @param follow go on with what happens from now, until the run ends */
export async function* eventsOf(
  client: Client,
  workflowId: string,
  runId: string,
  follow: boolean,
  signal?: AbortSignal,
): AsyncGenerator<HistoryEvent> {
  for await (const page of pagesOf(client, workflowId, runId, { follow, signal })) yield* page;
}

interface Paging {
  readonly follow?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Events in a page at most; as many as the server likes where it is undefined. */
  readonly pageSize?: number;
}

/** The same, as Temporal gives them: many that have happened before, then each time what happened in one moment. */
export async function* pagesOf(
  client: Client,
  workflowId: string,
  runId: string,
  { follow = false, signal, pageSize }: Paging = {},
): AsyncGenerator<readonly HistoryEvent[]> {
  let nextPageToken: Uint8Array | undefined;
  do {
    const request = {
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      waitNewEvent: follow,
      ...(pageSize ? { maximumPageSize: pageSize } : {}),
      ...(nextPageToken ? { nextPageToken } : {}),
    };
    const read = () =>
      client.connection.withDeadline(Date.now() + LONG_POLL, () =>
        client.workflowService.getWorkflowExecutionHistory(request),
      );
    const page = await persist(read, workflowId, { connection: client.connection, signal });
    yield await opened(client, workflowId, page.history?.events ?? []);
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
  } while (nextPageToken);
}

/**
 * The events of a session from its end on, the newest first, over the runs that continued each other; in pages.
 *
 * @param first transactions in the first page; each page after it has twice as many, up to `most`
 */
export async function* pagesBack(
  client: Client,
  workflowId: string,
  first: number,
  lastRunId?: string,
  most = first,
): AsyncGenerator<readonly HistoryEvent[], undefined> {
  let runId = lastRunId;
  let pageSize = first;
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.workflowService.getWorkflowExecutionHistoryReverse({
      namespace: client.options.namespace,
      execution: { workflowId, ...(runId ? { runId } : {}) },
      maximumPageSize: pageSize,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    pageSize = Math.min(2 * pageSize, most);
    const events = await opened(client, workflowId, page.history?.events ?? []);
    yield events;
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
    if (!nextPageToken) runId = events.at(-1)?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId || '';
  } while (nextPageToken || runId);
}

/**
 * The events of one run that came after one of them, in order: read from its end on, so that of those before it no more
 * are read than of those after it, or than a first page has.
 */
export async function eventsAfter(
  client: Client,
  workflowId: string,
  runId: string,
  known: number,
): Promise<readonly HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  for await (const page of pagesBack(client, workflowId, FIRST_PAGE, runId, LARGEST_PAGE)) {
    const news = page.filter(({ eventId }) => Number(eventId) > known);
    events.push(...news);
    if (news.length < page.length || news.some(({ eventId }) => Number(eventId) === 1)) break;
  }
  return events.reverse();
}
