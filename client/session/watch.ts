import type { Client } from '@temporalio/client';
import { type Entry, entryOf } from '../../audit/entry.ts';
import type { HistoryEvent } from '../../audit/history.ts';
import { RecordReader } from '../../audit/read/reader.ts';
import type { EvidenceRecord } from '../../audit/read/record.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { historyOf } from '../temporal/history.ts';

/** How a history is read. */
interface Reading {
  /** Go on with what happens from now, until the session ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * The history of a session, in order, each event once, with the records that it gives. Ends where the signal says so.
 */
export async function* recordsOf(
  client: Client,
  id: string,
  { follow = true, signal }: Reading,
): AsyncGenerator<{
  readonly event: HistoryEvent;
  readonly runId: string;
  readonly records: readonly EvidenceRecord[];
}> {
  let reader: RecordReader | undefined;
  let current = '';
  try {
    for await (const { runId, event, isCopy } of historyOf(client, id, follow, signal)) {
      if (runId !== current) reader = new RecordReader(id, runId);
      current = runId;
      const records = reader?.read(event) ?? [];
      if (!isCopy) yield { event, runId, records };
    }
  } catch (error) {
    if (signal?.aborted) return;
    throw toCustodyError(error, id);
  }
}

/** What happened to a session, in order, from its history. Ends where the signal says so. */
export async function* watchSession(client: Client, id: string, reading: Reading): AsyncGenerator<Entry> {
  for await (const { records } of recordsOf(client, id, reading)) yield* entriesOf(records);
}

/** Records as those who watch are shown them. */
export const entriesOf = (records: readonly EvidenceRecord[]): readonly Entry[] =>
  records.flatMap((record) => entryOf(record) ?? []);
