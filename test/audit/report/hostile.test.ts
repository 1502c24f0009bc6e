import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EvidenceRecord } from '../../../audit/read/record.ts';
import type { SessionRecords } from '../../../audit/report/facts.ts';
import { makeReport } from '../../../audit/report/make.ts';
import { csvCell, csvOf } from '../../../audit/report/render/csv.ts';
import { html } from '../../../audit/report/render/html.ts';
import { markdownOf } from '../../../audit/report/render/markdown.ts';
import { htmlOf } from '../../../audit/report/render/page.ts';
import { textOf } from '../../../audit/report/render/text.ts';
import { REPORTS } from '../../../protocol/reports/names.ts';
import { recordedSession, recordedSessions } from '../recorded.ts';

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</style></svg><iframe src=javascript:alert(1)>',
  '![x](http://evil.test/x.png) [click](javascript:alert(1))',
  '| a | b |\n# heading\n<b>bold</b> `code` https://evil.test',
  '=cmd|"/C calc"!A0',
  '\u202egnp.exe\u2066\u0000\u001b[31m',
  '&lt;script&gt;',
];

const SESSIONS = ['agents', 'budget', 'decided', 'refused-commands', 'reviewed', 'undo'].map(recordedSession);

/** A session in which every text from outside is hostile. */
function hostile(text: string): SessionRecords {
  const session = `${text}`;
  const change = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return KEPT.has(key) ? value : text;
    if (Array.isArray(value)) return value.map((each) => change(each, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each, name)]));
  };
  const records = SESSIONS.flatMap(({ records: those }) => those);
  return { session, records: records.map((record) => change(record) as EvidenceRecord) };
}
const KEPT: ReadonlySet<string> = new Set(['kind', 'layer', 'at', 'standing', 'effect', 'from', 'to', 'as', 'verdict']);

const TAGS = new Set(
  (
    'html head meta title style body header main section h1 h2 p b div table thead tbody tr th td small a details ' +
    'summary svg text rect line path circle'
  ).split(' '),
);

const ATTRIBUTES = new Set(
  (
    'lang charset name content http-equiv id class scope title href viewBox role aria-label d x y x1 x2 y1 y2 ' +
    'cx cy r width height text-anchor'
  ).split(' '),
);

const TAG = /<(\/?)([a-z0-9]+)((?:\s+[a-zA-Z0-9-]+="[^"<>]*")*)\s*(\/?)>/g;

/** Names of the tags of a page; fails where they are not nested, or have attributes that no renderer writes. */
function tagsOf(page: string): ReadonlySet<string> {
  const tags = new Set<string>();
  const open: string[] = [];
  const rest = page.replace(/^<!doctype html>/i, '').replace(TAG, (_, end, name, attributes, self) => {
    tags.add(name);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/([a-zA-Z0-9-]+)="([^"]*)"/g)) {
      expect(ATTRIBUTES).toContain(attribute);
      if (attribute === 'href') expect(value).toMatch(/^#r[0-9]+-[0-9]+$/);
    }
    if (end) expect(open.pop()).toBe(name);
    else if (!self && name !== 'meta') open.push(name);
    return '';
  });
  expect([open, rest.match(/[<>]/g)]).toEqual([[], null]);
  return tags;
}

describe.each(HOSTILE)('A7: %j in every text of a session', (text) => {
  const source = hostile(text);
  test.each(REPORTS)('%s: is text in the page, and no more', (kind) => {
    const page = htmlOf(makeReport(kind, [source]));
    for (const tag of tagsOf(page)) expect(TAGS).toContain(tag);
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test.each(REPORTS)('%s: is one cell of its table in Markdown, without markup', (kind) => {
    const report = makeReport(kind, [source]);
    const lines = markdownOf(report).split('\n');
    for (const line of lines) {
      expect(line).not.toMatch(/<\/?[a-z!]/i);
      expect(line).not.toMatch(/(^|[^\\])(!\[|\]\()|(^|[^\\])`|https?:\/\//);
    }
    const titles = lines.filter((line) => line.startsWith('#'));
    expect(titles).toHaveLength(report.sections.length + 2);
  });

  test.each(REPORTS)('%s: is no formula in a spreadsheet, and one cell', (kind) => {
    const report = makeReport(kind, [source]);
    const cells = [...csvOf(report).matchAll(/"((?:[^"]|"")*)"(,|\r\n)/g)];
    expect(cells.map(([cell]) => cell).join('')).toBe(csvOf(report));
    for (const [, cell = ''] of cells) expect(cell).not.toMatch(/^\s*[=+\-@|%]/);
    const figures = report.sections.flatMap(({ rows }) => rows.flatMap((row) => row.figures));
    expect(cells).toHaveLength((figures.length + 1) * 8);
  });
});

test('A7: what a template is given is escaped unless it is HTML itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const made = html`<p title="${text}">${text}${[html`<b>${text}</b>`]}</p>`.text;
      expect(made.replace(/^<p title="/, '').match(/[<>"]/g)).toEqual(['"', '>', '<', '>', '<', '>', '<', '>']);
    }),
  );
});

test('A7: a cell is never a formula', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(csvCell(text)).toMatch(/^"(?!\s*[=+\-@|%])(?:[^"]|"")*"$/);
    }),
  );
});

test('A7: a report is made whatever stands in records', () => {
  const kinds = [
    ...new Set(recordedSessions().flatMap(({ records }) => records.flatMap((record) => record?.kind ?? []))),
  ];
  const budget = recordedSession('budget').records;
  const base = budget[0]!;
  const made = fc.record({
    kind: fc.constantFrom(...kinds, 'incident', 'incident-closed', 'report'),
    data: fc.jsonValue(),
  });
  // A record as it was, but for one member.
  const all = SESSIONS.flatMap(({ records }) => records.filter((record) => record !== null));
  const bent = fc.tuple(fc.constantFrom(...all), fc.nat(), fc.jsonValue()).map(([record, at, value]) => {
    const names = Object.keys(record.data);
    const name = names[at % Math.max(1, names.length)] ?? 'x';
    return { ...record, data: { ...record.data, [name]: value } } as unknown as EvidenceRecord;
  });
  const some = fc.oneof(
    bent,
    made.map((each) => ({ ...base, ...each }) as EvidenceRecord),
  );
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 12 }), (said) => {
      for (const kind of REPORTS) {
        const report = makeReport(kind, [{ session: 's', records: [...budget, ...said] }]);
        htmlOf(report);
        textOf(report);
      }
    }),
    { numRuns: 100 },
  );
});
