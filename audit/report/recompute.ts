import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import type { SessionRecords } from './facts.ts';
import { makeReport } from './make.ts';
import type { Figure, Report } from './model.ts';

/** A figure of a report that does not follow from the records that it is held against. */
export interface Difference {
  readonly section: string;
  /** Name of the row, and heading of the column. */
  readonly row: string;
  readonly column: string;
  /** As the report has it; undefined where it is not there. */
  readonly stated: Figure | undefined;
  /** As the records have it. */
  readonly found: Figure | undefined;
}

/** Figures of a report that do not follow from these records; none where all do. */
export const recompute = (report: Report, records: readonly SessionRecords[]): readonly Difference[] =>
  differences(report, makeReport(report.kind, records));

/** Figures in which a report is not the one that was made from records. */
export function differences(report: Report, made: Report): readonly Difference[] {
  const stated = figuresIn(report);
  const found = figuresIn(made);
  return [...new Set([...stated.keys(), ...found.keys()])].flatMap((key) => {
    const [said, is] = [stated.get(key), found.get(key)];
    if (textOf(said?.figure) === textOf(is?.figure)) return [];
    const { section, row, column } = (said ?? is)!;
    return [{ section, row, column, stated: said?.figure, found: is?.figure }];
  });
}

const textOf = (figure: Figure | undefined): string => canonical((figure ?? null) as unknown as Json);

interface Placed {
  readonly section: string;
  readonly row: string;
  readonly column: string;
  readonly figure: Figure;
}

/** By section, row and column; rows of one name are told apart by their order. */
export function figuresIn({ sections }: Report): ReadonlyMap<string, Placed> {
  const placed = new Map<string, Placed>();
  for (const { id, columns, rows } of sections) {
    const times = new Map<string, number>();
    for (const { name, figures } of rows) {
      const time = times.get(name) ?? 0;
      times.set(name, time + 1);
      for (const [index, figure] of figures.entries()) {
        const column = columns[index + 1] ?? '';
        placed.set(JSON.stringify([id, name, time, index]), { section: id, row: name, column, figure });
      }
    }
  }
  return placed;
}
