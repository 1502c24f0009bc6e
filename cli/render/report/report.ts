import { LAYERS } from '../../../protocol/records.ts';
import type { ReportName } from '../../../protocol/reports/names.ts';
import type { AuditReport, ComplianceReport, Reports, SummaryReport } from '../../../protocol/reports/reports.ts';
import { printable } from '../../io/printable.ts';
import { table } from '../table.ts';
import { showFinancial } from './financial.ts';

/** A report in words, under its name. */
export function showReport<N extends ReportName>(name: N, figures: Reports[N]): string {
  return [name.toUpperCase(), ...WORDS[name](figures)].join('\n');
}

const WORDS: { readonly [N in ReportName]: (figures: Reports[N]) => readonly string[] } = {
  summary,
  audit,
  compliance,
  financial: showFinancial,
};

function summary(report: SummaryReport): readonly string[] {
  const { agent, profile, labels, startedBy, startedAt, state, code, reason, calls, effects } = report;
  const ended = Object.entries(calls.outcomes).map(([outcome, times]) => `${times} ${outcome}`);
  const names = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  return [
    `  ${state}${code === null ? '' : ` (${code})`}${reason === null ? '' : `: ${printable(reason)}`}`,
    `  agent ${printable(agent.id)}@${printable(agent.version)}, profile ${printable(profile)}` +
      (names.length === 0 ? '' : `, ${printable(names.join(', '))}`),
    `  started ${startedAt}${startedBy ? ` by ${printable(startedBy.actor)} (${startedBy.standing})` : ''}`,
    `  ${calls.taken} calls taken${ended.length === 0 ? '' : `: ${ended.join(', ')}`}; ${calls.open} open`,
    `  ${effects.made} effects, ${effects.undone} of them undone; ${report.checkpoints} checkpoints`,
    `  ${report.restarts} restarts`,
  ];
}

function audit({ layers }: AuditReport): readonly string[] {
  const rows = LAYERS.flatMap((layer) => rowsOf(layers[layer]).map((row) => [layer, ...row]));
  return [table(['LAYER', 'KIND', 'TIMES', 'RECORDS'], rows, '  ')];
}

function compliance({ records, refusals, open, objections }: ComplianceReport): readonly string[] {
  const codes = Object.entries(refusals.codes).map(([code, times]) => `${times} ${code}`);
  return [
    table(['KIND', 'TIMES', 'RECORDS'], rowsOf(records), '  '),
    `  ${refusals.total} refused${codes.length === 0 ? '' : `: ${printable(codes.join(', '))}`}`,
    `  open: ${open.inDoubt} calls in doubt, ${open.approvals} approvals, ${open.reviews} reviews, ` +
      `${open.incidents} incidents`,
    `  ${objections} reviews with an objection`,
  ];
}

/** The numbers of the first and the last record of a kind: `custody watch` shows them. */
const rowsOf = (kinds: ComplianceReport['records']): string[][] =>
  Object.entries(kinds).map(([kind, { times, first, last }]) => [
    kind,
    String(times),
    times === 1 ? String(first) : `${first} to ${last}`,
  ]);
