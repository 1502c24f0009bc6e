import type { Client } from '@temporalio/client';
import type { Entry } from '../../audit/entry.ts';
import type { HistoryEvent } from '../../audit/history.ts';
import { TimelineReader } from '../../audit/timeline.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { historyOf } from '../temporal/history.ts';

/** How a history is read. */
interface Reading {
  /** Go on with what happens from now, until the session ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** The history of a session, in order, each event once, with what it says. Ends where the signal says so. */
export async function* timelineOf(
  client: Client,
  id: string,
  { follow = true, signal }: Reading,
): AsyncGenerator<{ readonly event: HistoryEvent; readonly entries: readonly Entry[] }> {
  let reader: TimelineReader | undefined;
  let current = '';
  try {
    for await (const { runId, event, isCopy } of historyOf(client, id, follow, signal)) {
      if (runId !== current) reader = new TimelineReader(runId);
      current = runId;
      const entries = reader?.read(event) ?? [];
      if (!isCopy) yield { event, entries };
    }
  } catch (error) {
    if (signal?.aborted) return;
    throw toCustodyError(error, id);
  }
}

/** What happened to a session, in order, from its history. Ends where the signal says so. */
export async function* watchSession(client: Client, id: string, reading: Reading): AsyncGenerator<Entry> {
  for await (const { entries } of timelineOf(client, id, reading)) yield* entries;
}
