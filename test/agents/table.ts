export interface Row {
  readonly what: string;
  /** By agent. */
  readonly cells: ReadonlyMap<string, string>;
}

const BEGIN = '<!-- written by npm run test:agents -->';
const END = '<!-- end of what is written -->';

/** What each agent saw, as Markdown. */
export function tableOf(agents: readonly string[], rows: readonly Row[]): string {
  const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line('what happens', ...agents),
    `|${'---|'.repeat(agents.length + 1)}`,
    ...rows.map(({ what, cells }) => line(what, ...agents.map((agent) => cells.get(agent) ?? 'not run'))),
  ].join('\n');
}

/** A page with another table between its markers. */
export function withTable(page: string, table: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The page has no place for the table: ${BEGIN}`);
  return `${before}${BEGIN}\n\n${table}\n\n${END}${after}`;
}
