import type { Costs } from '../../client/index.ts';
import { formatUsd } from '../../protocol/money/usd.ts';
import { printable } from '../io/printable.ts';
import { table } from '../render/table.ts';
import { type CostRow, type Grouping, PARTS } from './groups.ts';

/** `custody cost` in words: USD. */
export function showCosts(rows: readonly CostRow[], total: CostRow, by: Grouping, { unanswered }: Costs): string {
  const heading = [by.toUpperCase(), 'SESSIONS', 'SPENT', ...PARTS.map((part) => part.toUpperCase()), 'RESERVED'];
  const lines = [...rows, ...(rows.length > 1 ? [total] : [])].map((row) => cellsOf(row));
  return [
    rows.length === 0 ? 'No session costs anything.' : table(heading, lines),
    ...unanswered.map(
      ({ session, message }) => `${printable(session)} did not say what it costs: ${printable(message)}`,
    ),
  ].join('\n');
}

/** The same as comma-separated values (RFC 4180), for a spreadsheet. */
export function csvOf(rows: readonly CostRow[], by: Grouping): string {
  const heading = [by, 'sessions', 'spent', ...PARTS, 'reserved'];
  return [heading, ...rows.map((row) => cellsOf(row))].map((cells) => cells.map(quoted).join(',')).join('\r\n');
}

const cellsOf = ({ name, sessions, spent, parts, reserved }: CostRow): readonly string[] => [
  name,
  String(sessions),
  formatUsd(spent),
  ...PARTS.map((part) => formatUsd(parts[part])),
  formatUsd(reserved),
];

/** Names come from outside: a spreadsheet must not take one for a formula. */
const quoted = (cell: string): string => `"${cell.replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;
