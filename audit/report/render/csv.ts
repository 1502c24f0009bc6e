import type { Report } from '../model.ts';
import { checkpointText, rangesOf, shown } from './shown.ts';

/** A report as comma-separated values (RFC 4180): a line for each figure, with what it cites. */
export function csvOf({ kind, sources, sections }: Report): string {
  const under = new Map(sources.map(({ session, checkpoint }) => [session, checkpoint]));
  const lines = sections.flatMap(({ id, columns, rows }) =>
    rows.flatMap(({ name, figures }) =>
      figures.map((figure, index) => {
        const cites = figure.records.map(({ session, records }) => `${session}: ${rangesOf(records).join(' ')}`);
        const logs = figure.records.flatMap(({ session }) => under.get(session) ?? []).map(checkpointText);
        const value = figure.value === null ? '' : figure.unit === 'usd' ? shown(figure) : String(figure.value);
        return [kind, id, name, columns[index + 1] ?? '', value, figure.unit, cites.join('; '), logs.join('; ')];
      }),
    ),
  );
  return [['report', 'section', 'row', 'figure', 'value', 'unit', 'records', 'checkpoint'], ...lines]
    .map((cells) => `${cells.map(csvCell).join(',')}\r\n`)
    .join('');
}

/** A quoted cell. Its text comes from outside: a spreadsheet must not take it for a formula. */
export const csvCell = (cell: string): string =>
  `"${cell
    .replace(/^(?=\s*[=+\-@|%\t\r\n])/, "'")
    .replaceAll('"', '""')
    .toWellFormed()}"`;
