import { csvCell } from '../../../audit/report/render/csv.ts';
import { textOf } from '../../../audit/entry.ts';
import { ocsfOf } from '../../../audit/export/ocsf.ts';
import { shorten } from '../../../audit/prose/shorten.ts';
import type { PrintedRecord, RecordValues } from '../../../audit/read/record.ts';
import { canonical } from '../../../protocol/values/digest.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { printable, printableJson } from '../../io/printable.ts';
import { dim, mark } from '../style.ts';

/** How records are printed: lines before the first, and the lines of one. */
export interface RecordLines {
  readonly head: readonly string[];
  /** Are values shown that records have by reference? */
  readonly hasValues: boolean;
  readonly lines: (record: PrintedRecord) => string;
}

const COLUMNS = ['at', 'layer', 'kind', 'n', 'call', 'by', 'standing', 'session', 'run', 'events', 'text', 'data'];

export function recordLines(format: 'table' | 'jsonl' | 'csv' | 'ocsf'): RecordLines {
  if (format === 'table') return { head: [], hasValues: true, lines: tableLines };
  if (format === 'ocsf') return { head: [], hasValues: false, lines: (record) => printableJson(ocsfOf(record)) };
  if (format === 'jsonl') return { head: [], hasValues: true, lines: canonicalOf };
  return {
    head: [[...COLUMNS, 'values'].join(',')],
    hasValues: true,
    lines: (record) =>
      cells(record)
        .map((cell) => (typeof cell === 'string' ? csvCell(cell) : (cell ?? '')))
        .join(','),
  };
}

const canonicalOf = (value: unknown): string => canonical(value as Json);

function tableLines(record: PrintedRecord): string {
  const { at, n, layer, kind, by, standing, call, events, values = {} } = record;
  const who = by === null ? '' : `  by ${printable(by)}${standing === null ? '' : ` (${standing})`}`;
  const number = n === null ? '     ' : `#${n}`.padStart(5);
  const place = dim(`${call === null ? '' : `  ${printable(call)}`}${who}  events ${events.join(',')}`);
  const line = `${dim(at)} ${number}  ${layer.padEnd(10)}  ${kind.padEnd(16)}  ${printable(textOf(record))}${place}`;
  return [line, ...Object.entries(values).map(valueLine)].join('\n');
}

/** Characters of a value that are shown in words. */
const SHOWN = 200;

function valueLine([sha256, said]: readonly [string, RecordValues[string]]): string {
  const what =
    'code' in said
      ? `${mark('fail', said.code)}: ${printable(said.message)}`
      : printable(shorten(JSON.stringify(said.value), SHOWN));
  return `${' '.repeat(32)}${dim(`SHA-256 ${sha256.slice(0, 16)}…`)}  ${what}`;
}

const cells = (record: PrintedRecord): readonly (string | number | null)[] => {
  const { at, layer, kind, n, call, by, standing, session, run, events, data, values } = record;
  const inFull = [canonicalOf(data), values === undefined ? '' : canonicalOf(values)];
  return [at, layer, kind, n, call, by, standing, session, run, events.join(' '), textOf(record), ...inFull];
};
