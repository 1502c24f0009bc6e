import type { Report } from '../model.ts';
import { checkpointText, citedIn, sharedBy, shown, titleOf } from './shown.ts';

/** A section as a table of texts; whoever shows it makes these printable. */
export interface TextSection {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A report as tables for a terminal: figures, and the records of each row. */
export function textOf({ kind, sources, sections }: Report): {
  readonly title: string;
  /** Checkpoints that its records stand under. */
  readonly under: readonly string[];
  readonly sections: readonly TextSection[];
} {
  const isOne = sources.length === 1;
  return {
    title: titleOf(kind),
    under: sources.flatMap(({ checkpoint }) => checkpoint ?? []).map(checkpointText),
    sections: sections.map(({ title, columns, rows, isAlarming }) => ({
      title: isAlarming ? `${title} (!)` : title,
      columns: [...columns, 'Records'],
      rows: rows.map((row) => {
        const shared = sharedBy(row) ?? row.figures[0]?.records ?? [];
        return [row.name, ...row.figures.map(shown), citedIn(shared, isOne)];
      }),
    })),
  };
}
