import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import { counted, quote } from '../../protocol/values/text.ts';
import { Findings } from '../verify/findings.ts';
import type { Verification } from '../verify/verify.ts';
import type { SessionRecords } from './facts.ts';
import { makeReport } from './make.ts';
import type { Figure, Report } from './model.ts';
import { reportIn } from './read.ts';
import { differences, figuresIn } from './recompute.ts';

/** What a verified bundle gives for reports; undefined where it is not sound, or its contents are withheld. */
export function sealedSource({ isSound, log, sealed }: Verification): SessionRecords | undefined {
  const records = sealed.flatMap(({ record }) => record ?? []);
  if (!isSound || !log || records.length < sealed.length) return undefined;
  return { session: records[0]?.session ?? '', records, checkpoint: log };
}

/** What the verification of a report against the bundles that it is made from found. */
export interface ReportVerification extends Pick<Verification, 'isSound' | 'findings' | 'counts'> {
  /** Its figures that follow from the records. */
  readonly figures: number;
}

/**
 * Verifies a report (the bytes of its JSON) that is said to be made from bundles: whatever in it does not follow from
 * their records is a finding. It throws for nothing that a file can hold.
 */
export function verifyReport(bundles: readonly Verification[], bytes: Uint8Array): ReportVerification {
  const findings = new Findings();
  const figures = followingIn(bundles, bytes, findings);
  const counts = Object.fromEntries(findings.counts);
  return { isSound: !findings.isBroken, findings: findings.list, counts, figures };
}

/** A verification of a bundle, and of a report of it. */
export function withReport(verification: Verification, bytes: Uint8Array): Verification {
  const { isSound, findings, counts, figures } = verifyReport([verification], bytes);
  return {
    ...verification,
    isSound: verification.isSound && isSound,
    findings: [...verification.findings, ...findings],
    counts: { ...verification.counts, ...counts },
    figures,
  };
}

/** How many figures of the report follow from the records. */
function followingIn(bundles: readonly Verification[], bytes: Uint8Array, findings: Findings): number {
  const report = reportIn(bytes);
  if (!report) return (findings.add('REPORT_INVALID', 'it is no JSON of the form of a report'), 0);
  const sources = new Map<unknown, SessionRecords>();
  for (const verification of bundles) {
    const source = sealedSource(verification);
    const why = verification.isSound ? 'the contents of the bundle are withheld' : 'the bundle is not sound';
    const of = bundles.length > 1 ? ` (${shortly(verification.log?.origin ?? 'unsigned')})` : '';
    if (!source) return (findings.add('REPORT_UNCHECKED', `${why}${of}`), 0);
    sources.set(source.session, source);
  }
  const other = otherIn(report, sources);
  if (other !== undefined) return (findings.add('REPORT_OF_OTHER', other), 0);
  // In the order that it has them.
  const made = makeReport(
    report.kind,
    report.sources.map(({ session }) => sources.get(session)!),
  );
  const different = differences(report, made);
  for (const { section, row, column, stated, found } of different) {
    const [said, is] = [valueOf(stated), valueOf(found)];
    const how = said === is ? `${said} rests on other records` : `${said} is said, and records give ${is}`;
    findings.add('REPORT_DIFFERS', `${quote(section)}, ${quote(row)}, ${quote(column)}: ${how}`);
  }
  for (const part of partsThatDiffer(report, made))
    findings.add('REPORT_DIFFERS', `${quote(part)} is not what records give, beside its figures`);
  return figuresIn(made).size - different.filter(({ found }) => found).length;
}

/** Why a report is not of these logs, each of them once. */
function otherIn({ sources }: Report, given: ReadonlyMap<unknown, SessionRecords>): string | undefined {
  for (const { session, checkpoint } of sources) {
    const is = given.get(session);
    if (!is) return `it is of the session ${shortly(session)}`;
    if (!checkpoint) return 'it cites no checkpoint: it was made from a history, not from a bundle';
    if (form(checkpoint) !== form(is.checkpoint)) return `it cites the checkpoint ${shortly(checkpoint)}`;
  }
  const named = new Set(sources.map(({ session }) => session));
  if (named.size === sources.length && named.size === given.size) return undefined;
  return `it is of ${counted(sources.length, 'session')}, and ${counted(given.size, 'bundle')} are given`;
}

/** Parts of a report that differ in what is no figure: words, rows, what is listed. */
function partsThatDiffer(report: Report, made: Report): readonly string[] {
  const [said, is] = [restOf(report), restOf(made)];
  return Object.keys({ ...said, ...is }).filter((part) => form(said[part]) !== form(is[part]));
}

const restOf = ({ sections, ...report }: Report): { readonly [part: string]: unknown } => ({
  ...report,
  sections: sections.map(({ rows, ...section }) => ({
    ...section,
    rows: rows.map(({ figures, ...row }) => ({ ...row, figures: figures.length })),
  })),
});

const form = (value: unknown): string => canonical((value ?? null) as Json);

const shortly = (value: unknown): string => quote(typeof value === 'string' ? value : form(value));

const valueOf = (figure: Figure | undefined): string =>
  figure ? `${shortly(figure.value)} (${shortly(figure.unit)})` : 'nothing';
