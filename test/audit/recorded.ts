import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { RecordReader } from '../../audit/read/reader.ts';
import type { EvidenceRecord } from '../../audit/read/record.ts';
import { resetIn } from '../../audit/read/reset.ts';
import type { SessionRecords } from '../../audit/report/facts.ts';

const folder = fileURLToPath(new URL('../replay/histories/', import.meta.url));

/** The records of the recorded histories, a session each, all its runs together. */
export function recordedSessions(): readonly SessionRecords[] {
  const sessions = new Map<string, EvidenceRecord[]>();
  for (const file of readdirSync(folder).sort()) {
    const [session = '', run = ''] = file.split('.');
    const { events } = historyFromJSON(JSON.parse(readFileSync(folder + file, 'utf8')));
    const reader = new RecordReader(session, run);
    // What a reset copied stands in the run before as well.
    const point = resetIn(events ?? [])?.point ?? 0;
    const records = (events ?? []).flatMap((event) => {
      const said = reader.read(event);
      return Number(event.eventId) < point ? [] : said;
    });
    sessions.set(session, [...(sessions.get(session) ?? []), ...records]);
  }
  return [...sessions].map(([session, records]) => ({ session, records }));
}

export const recordedSession = (name: string): SessionRecords =>
  recordedSessions().find(({ session }) => session === name)!;
