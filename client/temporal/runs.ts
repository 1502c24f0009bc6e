import type { Client } from '@temporalio/client';
import type { HistoryEvent } from '../../audit/history.ts';
import { rawOf } from '../../audit/read/raw.ts';
import { endedIn, type ReadRun } from '../../audit/read/runs.ts';
import { resetIn } from '../../audit/read/reset.ts';
import { chainsOf, eventsAfter, eventsOf, firstEventOf } from './history.ts';

/**
 * The runs of a session, in order, those that somebody's reset or recovery left behind too.
 *
 * @param from the first one that is wanted; undefined: the first that there is
 * @param known the last event of a run that need not be read again; 0: all are read. Of a run that is over, fewer than
 *   all.
 */
export async function* runsSince(
  client: Client,
  id: string,
  from: string | undefined,
  known: (run: string) => number,
): AsyncGenerator<ReadRun> {
  const { first, current } =
    from === undefined
      ? await chainsOf(client, id)
      : { first: [from], current: (await client.workflow.getHandle(id).describe()).runId };
  const seen = new Set<string>();
  async function* forward(start: string): AsyncGenerator<ReadRun> {
    for (let run: string | undefined = start; run && !seen.has(run);) {
      seen.add(run);
      const read = await readRun(client, id, run, known(run));
      yield read;
      run = read.next;
    }
  }
  for (const start of first) yield* forward(start);
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
    const { workflowExecutionStartedEventAttributes: begun } = (await firstEventOf(client, id, start)) ?? {};
    const { continuedExecutionRunId, originalExecutionRunId } = begun ?? {};
    const isReset = originalExecutionRunId !== start;
    if (isReset || !continuedExecutionRunId || seen.has(continuedExecutionRunId)) return [start];
    start = continuedExecutionRunId;
  }
}

async function readRun(client: Client, id: string, run: string, known: number): Promise<ReadRun> {
  const read = async (): Promise<readonly HistoryEvent[]> => {
    const all: HistoryEvent[] = [];
    for await (const event of eventsOf(client, id, run, false)) all.push(event);
    return all;
  };
  const events = known > 0 ? await eventsAfter(client, id, run, known) : await read();
  const last = events.at(-1);
  return {
    run,
    events,
    point: resetIn(events)?.point ?? 0,
    isOver: last !== undefined && endedIn(last) !== undefined,
    next: last?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId || undefined,
    async raw() {
      return rawOf(known > 0 ? await read() : events);
    },
  };
}
