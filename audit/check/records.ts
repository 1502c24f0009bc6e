import { decodeOne } from '../history.ts';
import type { EvidenceRecord } from '../read/record.ts';
import { RecordReader } from '../read/reader.ts';
import { type Finding, finding, idOf } from './finding.ts';
import type { Line, LinkedRun } from './line.ts';

/** A run with the records that its history gives. */
export interface ReadRun extends LinkedRun {
  readonly records: readonly EvidenceRecord[];
  readonly unreadable: readonly Finding[];
}

export interface ReadLine {
  readonly runs: readonly ReadRun[];
  readonly beside: readonly ReadRun[];
}

export const readLine = ({ runs, beside }: Line): ReadLine => ({
  runs: runs.map(readRun),
  beside: beside.map(readRun),
});

/** Reads the records of a run. What the session wrote and cannot be read is told: nothing else tells of it. */
function readRun(run: LinkedRun): ReadRun {
  const reader = new RecordReader(run.session, run.runId);
  const records: EvidenceRecord[] = [];
  const unreadable: Finding[] = [];
  for (const event of run.events) {
    records.push(...reader.read(event));
    const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields?.audit;
    if (memo && !Array.isArray(decodeOne(memo)))
      unreadable.push(finding('RECORD_UNREADABLE', {}, { run: run.runId, events: [idOf(event)] }));
  }
  return { ...run, records, unreadable };
}

/** By their numbers where they have them, which is the order in which things happened; else where they stand. */
export function inOrder(records: readonly EvidenceRecord[]): readonly EvidenceRecord[] {
  return records.filter(({ n }) => n !== null).sort((a, b) => (a.n ?? 0) - (b.n ?? 0));
}
