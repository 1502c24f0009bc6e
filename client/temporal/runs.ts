import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { HistoryEvent } from '../../audit/history.ts';
import { resetIn } from '../../audit/read/reset.ts';
import { chainsOf, eventsOf } from './history.ts';

/** A run of a session, as far as it is. */
export interface ReadRun {
  readonly run: string;
  readonly events: readonly HistoryEvent[];
  /** Events before this one are a copy of those of the run before. */
  readonly point: number;
  /** What `temporal workflow show --output json` prints of it. */
  readonly raw: () => Uint8Array;
}

/**
 * The runs of a session, in order, those that somebody's reset or recovery left behind too.
 *
 * @param from the first one that is wanted; undefined: the first that there is
 */
export async function* runsSince(client: Client, id: string, from: string | undefined): AsyncGenerator<ReadRun> {
  const { first, current } = await chainsOf(client, id);
  const seen = new Set<string>();
  async function* forward(start: string): AsyncGenerator<ReadRun> {
    for (let run: string | undefined = start; run && !seen.has(run);) {
      seen.add(run);
      const read = await readRun(client, id, run);
      yield read;
      run = read.events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId || undefined;
    }
  }
  for (const start of from === undefined ? first : [from]) yield* forward(start);
  if (seen.has(current)) return;
  for (const start of await unseen(client, id, current, seen)) yield* forward(start);
}

/** Where the way begins that leads to the current run past those that are seen: a reset, or the start of a chain. */
async function unseen(
  client: Client,
  id: string,
  current: string,
  seen: ReadonlySet<string>,
): Promise<readonly string[]> {
  let start = current;
  for (;;) {
    const [event] = await firstPage(client, id, start);
    const { continuedExecutionRunId, originalExecutionRunId } = event?.workflowExecutionStartedEventAttributes ?? {};
    const isReset = originalExecutionRunId !== start;
    if (isReset || !continuedExecutionRunId || seen.has(continuedExecutionRunId)) return [start];
    start = continuedExecutionRunId;
  }
}

async function firstPage(client: Client, id: string, run: string): Promise<readonly HistoryEvent[]> {
  for await (const event of eventsOf(client, id, run, false)) return [event];
  return [];
}

async function readRun(client: Client, id: string, run: string): Promise<ReadRun> {
  const events: HistoryEvent[] = [];
  for await (const event of eventsOf(client, id, run, false)) events.push(event);
  const raw = () => new TextEncoder().encode(historyToJSON({ events: events as never }));
  return { run, events, point: resetIn(events)?.point ?? 0, raw };
}
