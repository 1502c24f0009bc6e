import type { Figure, Report, Row, Section, Source } from '../model.ts';
import { checkpointText, CITES, citedIn, sharedBy, shown, titleOf } from './shown.ts';

/** A report as Markdown (GFM). */
export function markdownOf({ kind, sources, sections, listed, unlisted }: Report): string {
  const isOne = sources.length === 1;
  const records = listed.map(({ session, record, n, at, layer, kind: what, by, text }) =>
    line([
      `${isOne ? '' : `${session} `}${record}`,
      n === null ? '' : String(n),
      at,
      `${layer} ${what}`,
      by ?? '',
      text,
    ]),
  );
  return [
    `# ${titleOf(kind)}`,
    `Made from records alone, and from nothing else. ${CITES}`,
    sources.map(sourceLine).join('\n'),
    ...sections.map((section) => sectionText(section, isOne)),
    `## Records\n\nThose that are cited above${unlisted > 0 ? `, but for ${unlisted} more` : ''}.`,
    ...(records.length === 0
      ? []
      : [[...heading(['Record', 'No.', 'At', 'Kind', 'By', 'Says']), ...records].join('\n')]),
    '',
  ].join('\n\n');
}

function sourceLine({ session, records, withheld, from, to, checkpoint }: Source): string {
  const under = checkpoint ? `, under the checkpoint of ${plain(checkpointText(checkpoint))}` : '';
  return `- ${plain(session)}: ${records} records, ${withheld} withheld, from ${from ?? '–'} to ${to ?? '–'}${under}`;
}

function sectionText({ title, note, columns, rows, isAlarming }: Section, isOne: boolean): string {
  const head = `## ${title}${isAlarming ? ' (!)' : ''}\n\n${note}`;
  if (rows.length === 0) return `${head}\n\nNone.`;
  return `${head}\n\n${[...heading([...columns, 'Records']), ...rows.map((row) => rowLine(row, isOne))].join('\n')}`;
}

function rowLine(row: Row, isOne: boolean): string {
  const shared = sharedBy(row);
  const cell = (figure: Figure): string => {
    const cites = shared || figure.records.length === 0 ? '' : ` [${short(citedIn(figure.records, isOne))}]`;
    return `${shown(figure)}${cites}`;
  };
  return line([row.name, ...row.figures.map(cell), shared ? short(citedIn(shared, isOne)) : '']);
}

const heading = (columns: readonly string[]): readonly string[] => [
  line(columns),
  line(
    columns.map(() => '---'),
    false,
  ),
];

/** All that a figure cites stands in the JSON form. */
const MOST = 120;
const short = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)} …` : text);

const line = (cells: readonly string[], isText = true): string =>
  `| ${cells.map((cell) => (isText ? plain(cell) : cell)).join(' | ')} |`;

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text from outside that no reader of Markdown takes for markup, HTML or a link: on one line. */
const plain = (text: string): string =>
  text
    .replace(/\s+/gu, ' ')
    .replace(UNSEEN, '\uFFFD')
    .replace(/[\\`*_{}[\]()#+!|~^$=]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/(?<=https?|ftp|mailto|www)(?=[:.])/gi, '\\')
    .replaceAll('@', '&#64;');
