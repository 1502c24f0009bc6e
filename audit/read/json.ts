import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { CustodyError } from '../../protocol/errors.ts';
import { textOf } from '../tlog/note/text.ts';
import type { HistoryEvent } from '../history.ts';
import { RecordReader } from './reader.ts';
import type { EvidenceRecord } from './record.ts';

/**
 * The events of one run, from what `temporal workflow show --output json` prints.
 * @throws CustodyError HISTORY_UNREADABLE
 */
export function eventsIn(json: Uint8Array): readonly HistoryEvent[] {
  try {
    const { events } = historyFromJSON(JSON.parse(textOf(json) ?? '')) as { events?: HistoryEvent[] | null };
    if (events && events.length > 0) return events;
  } catch (error) {
    throw unreadable((error as Error).message, error);
  }
  throw unreadable('it has no events');
}

/** The records of one run, from the same. @throws CustodyError HISTORY_UNREADABLE */
export function recordsIn(session: string, run: string, json: Uint8Array): readonly EvidenceRecord[] {
  const reader = new RecordReader(session, run);
  return eventsIn(json).flatMap((event) => reader.read(event));
}

const unreadable = (why: string, cause?: unknown): CustodyError =>
  new CustodyError('HISTORY_UNREADABLE', `This is not the history of a run as Temporal prints it: ${why}.`, { cause });
