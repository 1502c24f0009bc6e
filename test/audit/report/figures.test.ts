import { describe, expect, test } from 'vitest';
import type { SessionRecords } from '../../../audit/report/facts.ts';
import { makeReport } from '../../../audit/report/make.ts';
import type { Citation, Figure, Report } from '../../../audit/report/model.ts';
import { figuresIn, recompute } from '../../../audit/report/recompute.ts';
import { REPORTS } from '../../../protocol/reports/names.ts';
import { recordedSession, recordedSessions } from '../recorded.ts';

const sessions = recordedSessions();
const cases = sessions.map((each) => [each.session, each] as const);
/** What says in the log of a session that it is held back from erasure. */
const HOLD = { layer: 'compliance', kind: 'evidence', n: null, data: { act: 'hold' } } as never as object;
const everyFigure = (report: Report): readonly Figure[] => [...figuresIn(report).values()].map(({ figure }) => figure);

const textsIn = (report: Report): ReadonlySet<string> =>
  new Set([...figuresIn(report).values()].map(({ figure, ...place }) => JSON.stringify({ ...place, figure })));

/** Of the sessions, nothing but what is cited. */
const only = (of: readonly SessionRecords[], cited: readonly Citation[]): readonly SessionRecords[] =>
  of.map((source) => {
    const places = new Set(cited.filter(({ session }) => session === source.session).flatMap(({ records }) => records));
    return { ...source, records: source.records.map((record, place) => (places.has(place) ? record : null)) };
  });

describe.each(cases)('A7: figures of the session %s', (_, source) => {
  test.each(REPORTS)('%s: each cites records that are there, each once, in order', (kind) => {
    for (const { records: cited } of everyFigure(makeReport(kind, [source])))
      for (const { session, records } of cited) {
        expect(session).toBe(source.session);
        expect(records).toEqual([...new Set(records)].sort((a, b) => a - b));
        expect(records.every((place) => source.records[place] !== undefined)).toBe(true);
      }
  });

  test.each(REPORTS)('%s: each follows from the records that it cites alone', (kind) => {
    const report = makeReport(kind, [source]);
    const made = new Map<string, ReadonlySet<string>>();
    for (const { figure, ...place } of figuresIn(report).values()) {
      const cited = JSON.stringify(figure.records);
      const again = made.get(cited) ?? textsIn(makeReport(kind, only([source], figure.records)));
      made.set(cited, again);
      // Where nothing is cited there may be no row: nothing is what it says.
      if (figure.records.length > 0) expect(again).toContain(JSON.stringify({ ...place, figure }));
    }
  });

  test.each(REPORTS)('%s: agrees with what the session reported of itself, under a legal hold as well', (kind) => {
    const [first, ...rest] = source.records;
    const held = { ...source, records: [first!, { ...first!, ...HOLD }, ...rest] };
    for (const each of [source, held]) {
      const stated = makeReport(kind, [each]).sections.find(({ id }) => id === 'stated');
      expect(stated?.isAlarming).toBeUndefined();
    }
  });

  test.each(REPORTS)('%s: the same records give the same report, and no other', (kind) => {
    const report = makeReport(kind, [source]);
    expect(JSON.stringify(makeReport(kind, [structuredClone(source)]))).toBe(JSON.stringify(report));
    expect(recompute(report, [source])).toEqual([]);
  });
});

test.each(REPORTS)('A7: %s: without a cited record its figures do not follow any more', (kind) => {
  for (const name of ['budget', 'reviewed', 'decided']) {
    const source = recordedSession(name);
    const report = makeReport(kind, [source]);
    const cited = new Set(everyFigure(report).flatMap(({ records }) => records.flatMap((each) => each.records)));
    for (const place of cited) {
      const records = source.records.map((record, index) => (index === place ? null : record));
      const found = recompute(report, [{ ...source, records }]);
      const hit = everyFigure(report).filter(({ records: those }) =>
        those.some((each) => each.records.includes(place)),
      );
      expect(found.length).toBeGreaterThanOrEqual(hit.length);
    }
  }
});

test('A7: a figure that was changed in a report is named', () => {
  const source = recordedSession('budget');
  const { sections, ...report } = makeReport('financial', [source]);
  const one = { value: 1, unit: 'usd', records: [] } as const;
  const changed = sections.map((section) =>
    section.id === 'spent' ? { ...section, rows: section.rows.map((row) => ({ ...row, figures: [one] })) } : section,
  );
  const found = recompute({ ...report, sections: changed }, [source]);
  expect(found.map(({ section, row, column }) => [section, row, column])).toContainEqual(['spent', 'total', 'Spent']);
  expect(found.every(({ section, stated }) => section === 'spent' && stated?.value === 1)).toBe(true);
});

test.each(REPORTS)('A7: %s of all recorded sessions together is sums over them', (kind) => {
  const report = makeReport(kind, sessions);
  expect(recompute(report, sessions)).toEqual([]);
  const calls = (each: Report): number[] =>
    (each.sections.find(({ id }) => id === 'calls' || id === 'spent')?.rows ?? []).map(({ figures }) =>
      Number(figures[0]?.value),
    );
  const each = sessions.map((source) => calls(makeReport(kind, [source])));
  const sums = calls(report).map((_, index) => each.reduce((sum, row) => sum + (row[index] ?? 0), 0));
  expect(calls(report)).toEqual(sums);
});
