import { printable } from '../io/printable.ts';
import { dim, mark } from './style.ts';

const LONGEST = 60;

/** A table with a heading. Cells come from outside, so they are made printable here, and long ones are cut. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[], indent = ''): string {
  const cells = rows.map((row) => row.map((cell) => cut(printable(cell))));
  const widths = heading.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (row: readonly string[], style: (cell: string, padded: string) => string) =>
    indent +
    row
      .map((cell, column) =>
        style(cell, column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))),
      )
      .join('  ');
  return [line(heading, (_cell, padded) => dim(padded)), ...cells.map((row) => line(row, mark))].join('\n');
}

const cut = (text: string): string =>
  widthOf(text) > LONGEST
    ? `${Array.from(text)
        .slice(0, LONGEST - 1)
        .join('')}…`
    : text;
const widthOf = (text: string): number => Array.from(text).length;
