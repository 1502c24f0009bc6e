import type { ReportName } from '../../protocol/reports/names.ts';
import { textOf } from '../entry.ts';
import type { EvidenceRecord } from '../read/record.ts';
import { type Known, knownOf, type SessionRecords } from './facts.ts';
import { type Listed, type Report, REPORT_VERSION, type Section, type Source } from './model.ts';
import { calls, decisions, tools } from './sections/calls.ts';
import { duties } from './sections/duties.ts';
import { layers } from './sections/layers.ts';
import { lifecycle, sessions, undoing } from './sections/life.ts';
import { missing } from './sections/missing.ts';
import { alerts, budgets, byName, delays, spent } from './sections/money.ts';
import { approvals, askers, proofs, reviews } from './sections/persons.ts';
import { stated } from './sections/stated.ts';
import { incidents, violations } from './sections/trouble.ts';

type Make = (known: readonly Known[]) => Section;

const SECTIONS: { readonly [kind in ReportName]: readonly Make[] } = {
  summary: [sessions, calls, lifecycle, undoing, missing],
  audit: [sessions, layers, tools, decisions, askers, lifecycle, missing],
  compliance: [sessions, approvals, violations, incidents, reviews, askers, proofs, missing, duties],
  financial: [sessions, spent, byName, budgets, delays, alerts],
};

/** A report of some sessions, from their records and nothing else. */
export function makeReport(kind: ReportName, sources: readonly SessionRecords[]): Report {
  const known = sources.map(knownOf);
  const sections = [...SECTIONS[kind].map((make) => make(known)), stated(known, kind)];
  const { listed, unlisted } = listedIn(sources, sections);
  return { v: REPORT_VERSION, kind, sources: sources.map(sourceOf), sections, listed, unlisted };
}

function sourceOf({ session, records, checkpoint = undefined }: SessionRecords): Source {
  const there = records.filter((record) => record !== null);
  return {
    session,
    records: records.length,
    withheld: records.length - there.length,
    from: there[0]?.at ?? null,
    to: there.at(-1)?.at ?? null,
    checkpoint: checkpoint ?? null,
  };
}

/** Records that are cited are listed, so that a reader of the report alone sees what it rests on: at most so many. */
const MOST_LISTED = 2000;

function listedIn(
  sources: readonly SessionRecords[],
  sections: readonly Section[],
): Pick<Report, 'listed' | 'unlisted'> {
  const cited = new Map<string, Set<number>>();
  for (const { records } of sections.flatMap(({ rows }) => rows.flatMap(({ figures }) => figures)))
    for (const { session, records: places } of records) {
      const those = cited.get(session) ?? new Set();
      for (const place of places) those.add(place);
      cited.set(session, those);
    }
  const all = sources.flatMap(({ session, records }) =>
    records.flatMap((record, place) =>
      record && cited.get(session)?.has(place) ? [listedOf(session, record, place)] : [],
    ),
  );
  return { listed: all.slice(0, MOST_LISTED), unlisted: Math.max(0, all.length - MOST_LISTED) };
}

function listedOf(session: string, record: EvidenceRecord, place: number): Listed {
  const { n, at, run, events, layer, kind, by, standing } = record;
  return { session, record: place, n, at, run, events, layer, kind, by, standing, text: wordsOf(record) };
}

const MOST_WORDS = 300;

/** A history can hold anything where a record is expected. */
function wordsOf(record: EvidenceRecord): string {
  try {
    return textOf(record).slice(0, MOST_WORDS).toWellFormed();
  } catch {
    return 'what it says cannot be read';
  }
}
