import { formatUsd } from '../../../protocol/money/usd.ts';
import { formatDuration } from '../../../protocol/values/duration.ts';
import type { Checkpoint, Citation, Figure, Row } from '../model.ts';

/** A figure as people read it: money in USD, times as durations. */
export function shown({ value, unit }: Figure): string {
  if (value === null) return '–';
  if (typeof value === 'string') return unit === 'instant' ? value.replace('T', ' ') : value;
  if (unit === 'usd') return formatUsd(value);
  return unit === 'ms' ? formatDuration(value) : String(value);
}

/** `0–3`, `7`: neighbours together. */
export function rangesOf(records: readonly number[]): readonly string[] {
  const ranges: string[] = [];
  for (let from = 0; from < records.length;) {
    let to = from;
    while (records[to + 1] === records[to]! + 1) to += 1;
    ranges.push(to === from ? `${records[from]}` : `${records[from]}–${records[to]}`);
    from = to + 1;
  }
  return ranges;
}

/** All records that a figure cites: `0–3, 7`, and with their sessions where there are several. */
export const citedIn = (records: readonly Citation[], isOne: boolean): string =>
  records.map(({ session, records: those }) => `${isOne ? '' : `${session} `}${rangesOf(those).join(', ')}`).join('; ');

/** What all figures of a row cite, where that is the same; else each says its own. */
export function sharedBy({ figures }: Row): readonly Citation[] | undefined {
  const [first] = figures;
  const text = JSON.stringify(first?.records);
  return first && figures.every(({ records }) => JSON.stringify(records) === text) ? first.records : undefined;
}

/** What a log was when its records were read. */
export const checkpointText = ({ origin, size, root }: Checkpoint): string => `${origin}, size ${size}, root ${root}`;

/** `summary` is the `Summary report`. */
export const titleOf = (kind: string): string => `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)} report`;

/** Under what a log answers for these records. */
export const CITES =
  'Small numbers are records: places from 0 on among all records of the session, which are the indexes of the leaves ' +
  'that seal them. Amounts are USD, instants UTC.';
