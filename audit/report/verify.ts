import { canonical } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import { quote } from '../../protocol/values/text.ts';
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

/**
 * A verification of a bundle, and of a report (the bytes of its JSON) that is said to be made from it: whatever in the
 * report does not follow from the records of the bundle is a finding. It throws for nothing that a file can hold.
 */
export function withReport(verification: Verification, bytes: Uint8Array): Verification {
  const findings = new Findings();
  const figures = followingIn(verification, bytes, findings);
  return {
    ...verification,
    isSound: verification.isSound && !findings.isBroken,
    findings: [...verification.findings, ...findings.list],
    counts: { ...verification.counts, ...Object.fromEntries(findings.counts) },
    figures,
  };
}

/** How many figures of the report follow from the records. */
function followingIn(verification: Verification, bytes: Uint8Array, findings: Findings): number {
  const report = reportIn(bytes);
  if (!report) return (findings.add('REPORT_INVALID', 'it is no JSON of the form of a report'), 0);
  const source = sealedSource(verification);
  const why = verification.isSound ? 'the contents of the bundle are withheld' : 'the bundle is not sound';
  if (!source) return (findings.add('REPORT_UNCHECKED', why), 0);
  const made = makeReport(report.kind, [source]);
  const other = otherIn(report, made);
  if (other !== undefined) return (findings.add('REPORT_OF_OTHER', other), 0);
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

/** Why a report is not of the log that another one was made from. */
function otherIn({ sources }: Report, { sources: [is] }: Report): string | undefined {
  const [source] = sources;
  if (sources.length !== 1 || !source) return `it is of ${sources.length} sessions`;
  if (source.session !== is?.session) return `it is of the session ${shortly(source.session)}`;
  if (!source.checkpoint) return 'it cites no checkpoint: it was made from a history, not from a bundle';
  if (form(source.checkpoint) === form(is.checkpoint)) return undefined;
  return `it cites the checkpoint ${shortly(source.checkpoint)}`;
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
