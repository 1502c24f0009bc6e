import { csvCell } from '../../../audit/report/render/csv.ts';
import { textOf } from '../../../audit/entry.ts';
import { ocsfOf } from '../../../audit/export/ocsf.ts';
import type { EvidenceRecord } from '../../../audit/read/record.ts';
import { canonical } from '../../../protocol/values/digest.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { printable, printableJson } from '../../io/printable.ts';
import { dim } from '../style.ts';

/** How records are printed: lines before the first, and the line of one. */
export interface RecordLines {
  readonly head: readonly string[];
  readonly line: (record: EvidenceRecord) => string;
}

const COLUMNS = ['at', 'layer', 'kind', 'n', 'call', 'by', 'standing', 'session', 'run', 'events', 'text', 'data'];

export function recordLines(format: 'table' | 'jsonl' | 'csv' | 'ocsf'): RecordLines {
  if (format === 'table') return { head: [], line: tableLine };
  if (format === 'ocsf') return { head: [], line: (record) => printableJson(ocsfOf(record)) };
  if (format === 'jsonl') return { head: [], line: (record) => canonical(record as unknown as Json) };
  return {
    head: [COLUMNS.join(',')],
    line: (record) =>
      cells(record)
        .map((cell) => (typeof cell === 'string' ? csvCell(cell) : (cell ?? '')))
        .join(','),
  };
}

function tableLine(record: EvidenceRecord): string {
  const { at, n, layer, kind, by, standing, call, events } = record;
  const who = by === null ? '' : `  by ${printable(by)}${standing === null ? '' : ` (${standing})`}`;
  const number = n === null ? '     ' : `#${n}`.padStart(5);
  const place = dim(`${call === null ? '' : `  ${printable(call)}`}${who}  events ${events.join(',')}`);
  return `${dim(at)} ${number}  ${layer.padEnd(10)}  ${kind.padEnd(16)}  ${printable(textOf(record))}${place}`;
}

const cells = (record: EvidenceRecord): readonly (string | number | null)[] => {
  const { at, layer, kind, n, call, by, standing, session, run, events, data } = record;
  const whole = canonical(data as unknown as Json);
  return [at, layer, kind, n, call, by, standing, session, run, events.join(' '), textOf(record), whole];
};
