import { expect, test } from 'vitest';
import type { EvidenceRecord } from '../../../audit/read/record.ts';
import type { SessionRecords } from '../../../audit/report/facts.ts';
import { makeReport } from '../../../audit/report/make.ts';
import type { Section } from '../../../audit/report/model.ts';
import { recordedSession, recordedSessions } from '../recorded.ts';

const sectionOf = (kind: 'summary' | 'financial', id: string, source: SessionRecords): Section =>
  makeReport(kind, [source]).sections.find((each) => each.id === id)!;
const valueOf = ({ rows }: Section, name: string) => rows.find((row) => row.name === name)?.figures[0]?.value;

test('A3: no recorded session that ended misses anything', () => {
  for (const source of recordedSessions()) {
    const { rows } = sectionOf('summary', 'missing', source);
    const found = rows.filter(({ figures: [figure] }) => figure?.value !== 0 && figure?.value !== 'none');
    expect([source.session, found]).toEqual([source.session, []]);
  }
});

test('A3: a record that is gone leaves a number that none has, an outcome that is gone an attempt without', () => {
  const source = recordedSession('budget');
  const without = (is: (record: EvidenceRecord) => boolean): SessionRecords => ({
    ...source,
    records: source.records.map((record) => (record && is(record) ? null : record)),
  });
  const numbered = sectionOf(
    'summary',
    'missing',
    without(({ n }) => n === 9),
  );
  expect([valueOf(numbered, 'numbers of budget that no record has'), numbered.isAlarming]).toEqual(['9', true]);
  const silent = sectionOf(
    'summary',
    'missing',
    without(({ kind, call }) => kind === 'outcome' && call === 'dear'),
  );
  expect(valueOf(silent, 'attempts without an outcome')).toBe(1);
  const living = sectionOf('summary', 'missing', { ...source, records: source.records.slice(0, 20) });
  expect(valueOf(living, 'sessions that have not ended')).toBe(1);
});

test('A7: a report of the session itself that does not follow from its records is told apart', () => {
  const source = recordedSession('budget');
  const base = source.records.find((record) => record?.kind === 'checked')!;
  const reported = (spent: number): SessionRecords => {
    const figures = { spent, parts: { calls: 200_340, recorded: 300_000, session: 119, execution: 91, compliance: 0 } };
    const record = { ...base, kind: 'report', data: { of: 'financial', figures } } as unknown as EvidenceRecord;
    return { ...source, records: [...source.records, record] };
  };
  const right = sectionOf('financial', 'stated', reported(500_551));
  expect(right.rows.map(({ figures }) => figures[2]?.value)).toEqual(right.rows.map(() => 'yes'));
  expect(right.isAlarming).toBeUndefined();
  const wrong = sectionOf('financial', 'stated', reported(600_000));
  expect(wrong.isAlarming).toBe(true);
  const no = wrong.rows.filter(({ figures }) => figures[2]?.value === 'no');
  expect(no.map(({ name, figures }) => [name, figures[0]?.value, figures[1]?.value])).toEqual([
    ['budget: spent', 600_000, 500_551],
  ]);
});
