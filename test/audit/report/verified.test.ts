import { beforeAll, describe, expect, test } from 'vitest';
import { bytesOf } from '../../../audit/tlog/note/text.ts';
import { makeReport } from '../../../audit/report/make.ts';
import type { Figure, Report } from '../../../audit/report/model.ts';
import { MOST_REPORT } from '../../../audit/report/read.ts';
import { type ReportVerification, sealedSource, verifyReport, withReport } from '../../../audit/report/verify.ts';
import { type Verification, verify } from '../../../audit/verify/verify.ts';
import { REPORTS } from '../../../protocol/reports/names.ts';
import { MemoryStore, sealedSession, TRUST } from '../../support/evidence/sealed.ts';

const verified = async (name: string): Promise<Verification> => verify(await sealedSession(name), TRUST);

let sound: Verification;
beforeAll(async () => {
  sound = await verified('budget');
});

const reportOf = (kind: Report['kind']): Report => makeReport(kind, [sealedSource(sound)!]);
const held = (report: unknown, against = sound): Verification =>
  withReport(against, bytesOf(JSON.stringify(report, null, 2)));
const newCodes = ({ findings }: Verification): readonly string[] =>
  findings.map(({ code }) => code).filter((code) => code.startsWith('REPORT_'));

/** The report with the figure at this place changed, counted over all sections. */
function withFigure(report: Report, place: number, change: (figure: Figure) => Figure): Report {
  let at = 0;
  const sections = report.sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => ({
      ...row,
      figures: row.figures.map((figure) => (at++ === place ? change(figure) : figure)),
    })),
  }));
  return { ...report, sections };
}

const figuresOf = ({ sections }: Report): number =>
  sections.flatMap(({ rows }) => rows.flatMap(({ figures }) => figures)).length;

const another = (figure: Figure): Figure => {
  const { value } = figure;
  return { ...figure, value: typeof value === 'number' ? value + 1 : `${value ?? ''}x` };
};

describe('A7: a report that was made from a bundle', () => {
  test.each(REPORTS)('%s: is sound as it was written, and all its figures are made again', (kind) => {
    const report = reportOf(kind);
    const { isSound, figures, log } = held(report);
    expect({ isSound, figures }).toEqual({ isSound: true, figures: figuresOf(report) });
    expect(report.sources[0]?.checkpoint).toEqual(log);
  });

  test.each(REPORTS)('%s: each figure that is another, or cites other records, is named', (kind) => {
    const report = reportOf(kind);
    const changes: readonly ((figure: Figure) => Figure)[] = [
      another,
      (figure) => ({ ...figure, unit: figure.unit === 'count' ? 'usd' : 'count' }),
      (figure) => ({ ...figure, records: [...figure.records, { session: 'budget', records: [0] }] }),
    ];
    for (let place = 0; place < figuresOf(report); place += 1)
      for (const change of changes) {
        const { isSound, figures, findings } = held(withFigure(report, place, change));
        expect({ isSound, figures }).toEqual({ isSound: false, figures: figuresOf(report) - 1 });
        const found = findings.filter(({ code }) => code === 'REPORT_DIFFERS');
        expect(found).toHaveLength(1);
        expect(found[0]?.why).toMatch(/^".*", ".*", ".*": .* (is said, and records give .*|rests on other records)$/);
      }
  });

  const words: readonly (readonly [what: string, change: (report: Report) => object])[] = [
    ['a row is left out', ({ sections: [first, ...rest] }) => ({ sections: [{ ...first, rows: [] }, ...rest] })],
    ['a section is left out', ({ sections: [, ...rest] }) => ({ sections: rest })],
    ['a section stands twice', ({ sections }) => ({ sections: [...sections, ...sections.slice(0, 1)] })],
    ['a note is another', ({ sections: [first, ...rest] }) => ({ sections: [{ ...first, note: 'x' }, ...rest] })],
    ['a column is another', ({ sections: [first, ...rest] }) => ({ sections: [{ ...first, columns: [] }, ...rest] })],
    [
      'a listed record says another thing',
      ({ listed }) => ({ listed: listed.map((each) => ({ ...each, by: 'eve' })) }),
    ],
    ['records are not counted', () => ({ unlisted: 1 })],
    ['records are said to be withheld', ({ sources: [one] }) => ({ sources: [{ ...one, withheld: 1 }] })],
    ['something is added', () => ({ conclusion: 'All is well.' })],
  ];
  test.each(words)('is found where %s', (_, change) => {
    const report = reportOf('summary');
    expect(newCodes(held({ ...report, ...change(report) }))).toContain('REPORT_DIFFERS');
  });

  test('is of no other session, no other checkpoint, and no history', async () => {
    const report = reportOf('summary');
    expect(newCodes(held(report, await verified('undo')))).toEqual(['REPORT_OF_OTHER']);
    const [source] = report.sources;
    const { checkpoint } = source!;
    for (const change of [
      null,
      { ...checkpoint, size: 1 },
      { ...checkpoint, root: 'ff' },
      { ...checkpoint, origin: '' },
    ])
      expect(newCodes(held({ ...report, sources: [{ ...source, checkpoint: change }] }))).toEqual(['REPORT_OF_OTHER']);
    for (const sources of [[], [source, source]])
      expect(newCodes(held({ ...report, sources }))).toEqual(['REPORT_OF_OTHER']);
  });

  test('is not called sound where the bundle is not, or has no key', async () => {
    const report = reportOf('summary');
    const { files } = await sealedSession('budget');
    const withheld = new MemoryStore([...files].filter(([path]) => path !== 'session.key'));
    expect(await verify(withheld, TRUST)).toMatchObject({ isSound: true });
    expect(held(report, await verify(withheld, TRUST))).toMatchObject({ isSound: false, figures: 0 });
    const changed = await verify(new MemoryStore([...files, ['checkpoint', bytesOf('x')]]), TRUST);
    expect(newCodes(held(report, changed))).toEqual(['REPORT_UNCHECKED']);
  });
});

describe('A7: a file that is no report', () => {
  const nothing = { v: 1, kind: 'summary', sources: [], sections: [], listed: [], unlisted: 0 };
  const row = (figures: number): object => ({ name: 'n'.repeat(9999), figures: Array(figures).fill({ value: 1 }) });
  const wide = (figures: number): object => ({ id: 'x', columns: [], rows: [row(figures)] });
  const files: readonly (readonly [what: string, text: string | Uint8Array])[] = [
    ['is empty', ''],
    ['is no UTF-8', Uint8Array.of(0xff, 0xfe)],
    ['is JSON of something else', '[1, 2, 3]'],
    ['has another version', JSON.stringify({ ...nothing, v: 2 })],
    ['has another kind', JSON.stringify({ ...nothing, kind: 'constructor' })],
    ['has no sections', JSON.stringify({ ...nothing, sections: {} })],
    ['has a section without rows', JSON.stringify({ ...nothing, sections: [{ id: 'calls', columns: [] }] })],
    [
      'has figures that are none',
      JSON.stringify({ ...nothing, sections: [{ id: '', columns: [], rows: [{ name: '', figures: [7] }] }] }),
    ],
    ['has half a character', `{"v":1,"kind":"summary","sources":[],"sections":[],"x":"\\ud800"}`],
    ['has a number beyond all', `{"v":1,"kind":"summary","sources":[],"sections":[],"x":1e999}`],
    ['is deep', '['.repeat(1_000_000)],
    [
      'is deep within one',
      JSON.stringify(nothing).replace('"listed":[]', `"listed":${'['.repeat(200)}${']'.repeat(200)}`),
    ],
    ['is too large', new Uint8Array(MOST_REPORT + 1).fill(32)],
    ['has names upon names', JSON.stringify({ ...nothing, sections: [wide(10_000)] })],
    ['has nothing but lists', `{"v":1,"kind":"summary","sources":[],"sections":[],"x":[${'[],'.repeat(9_000_000)}[]]}`],
    [
      'has nothing but numbers',
      `{"v":1,"kind":"summary","sources":[],"sections":[],"x":[${'12345,'.repeat(5_500_000)}0]}`,
    ],
    [
      'has nothing but texts',
      `{"v":1,"kind":"summary","sources":[],"sections":[],"x":[${'"ab",'.repeat(6_500_000)}0]}`,
    ],
    [
      'has figures without end',
      JSON.stringify({ ...nothing, sections: [wide(1)] }).replace('{"value":1}', `${'{},'.repeat(9_000_000)}{}`),
    ],
  ];

  test.each(files)('%s: ends by a code, in bounded memory', (_, content) => {
    const before = process.memoryUsage.rss();
    const bytes = typeof content === 'string' ? bytesOf(content) : content;
    const codes = newCodes(withReport(sound, bytes));
    expect(process.memoryUsage.rss() - before).toBeLessThan(1e9);
    expect(codes).toHaveLength(1);
    expect(['REPORT_INVALID', 'REPORT_OF_OTHER']).toContain(codes[0]);
  });
});

describe('A7: a report of several sessions', () => {
  let bundles: readonly Verification[];
  let report: Report;
  beforeAll(async () => {
    bundles = [await verified('undo'), sound, await verified('reset')];
    report = makeReport(
      'financial',
      bundles.map((each) => sealedSource(each)!),
    );
  });
  const against = (given: readonly Verification[], said: Report = report): ReportVerification =>
    verifyReport(given, bytesOf(JSON.stringify(said)));

  test('is sound against all its bundles, in whatever order they are given', () => {
    for (const given of [bundles, bundles.toReversed()])
      expect(against(given)).toEqual({ isSound: true, findings: [], counts: {}, figures: figuresOf(report) });
  });

  test('names a figure of any of them that is another', () => {
    for (let place = 0; place < figuresOf(report); place += 7)
      expect(against(bundles, withFigure(report, place, another))).toMatchObject({
        isSound: false,
        counts: { REPORT_DIFFERS: 1 },
      });
  });

  test('is not of fewer sessions, of more, of others, or of one of them twice', () => {
    const [first, ...rest] = report.sources;
    const codes = ({ counts }: ReportVerification) => Object.keys(counts);
    expect(codes(against(bundles.slice(1)))).toEqual(['REPORT_OF_OTHER']);
    for (const sources of [rest, [first!, ...report.sources], [{ ...first!, session: 'eve' }, ...rest], []])
      expect(codes(against(bundles, { ...report, sources }))).toEqual(['REPORT_OF_OTHER']);
  });

  test('cannot be made again where one of them is not sound', () => {
    const { findings } = against([...bundles.slice(1), { ...bundles[0]!, isSound: false }]);
    expect(findings).toEqual([{ code: 'REPORT_UNCHECKED', why: 'the bundle is not sound ("custody/default/undo")' }]);
  });
});
