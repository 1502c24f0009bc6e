import type { Client } from '@temporalio/client';
import type { Entry } from '../../audit/entry.ts';
import { TimelineReader } from '../../audit/timeline.ts';
import { toCustodyError } from '../temporal/errors.ts';
import { historyOf } from '../temporal/history.ts';

/** What happened to a session, in order, from its history. Ends where the signal says so. */
export async function* watchSession(
  client: Client,
  id: string,
  { follow = true, signal }: { readonly follow?: boolean; readonly signal?: AbortSignal },
): AsyncGenerator<Entry> {
  let reader: TimelineReader | undefined;
  let current = '';
  try {
    for await (const { runId, event, isCopy } of historyOf(client, id, follow, signal)) {
      if (runId !== current) reader = new TimelineReader(runId);
      current = runId;
      const entries = reader?.read(event) ?? [];
      if (!isCopy) yield* entries;
    }
  } catch (error) {
    if (signal?.aborted) return;
    throw toCustodyError(error, id);
  }
}
