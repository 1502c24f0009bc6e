import type { Completeness } from '../../../audit/check/check.ts';
import type { Checked, Finding } from '../../../audit/check/finding.ts';
import { findingText } from '../../../audit/prose/findings.ts';
import { counted } from '../../../protocol/values/text.ts';
import { printable } from '../../io/printable.ts';
import { dim, mark } from '../style.ts';

/** Findings of one code of one check that are shown in words; all stand in the JSON. */
const SHOWN = 20;

/** `custody audit check` in words: one line a check with what was counted, and below it what was found. */
export function showCompleteness({ session, runs, isWhole, checks }: Completeness): string {
  const found = (severity: Finding['severity']): number =>
    checks.reduce((sum, { findings }) => sum + findings.filter((each) => each.severity === severity).length, 0);
  const verdict = isWhole
    ? `${printable(session)} is whole`
    : `${printable(session)} is not whole: ${found('broken')} broken, ${found('missing')} missing`;
  const summary = `${verdict}; ${counted(runs.length, 'run')}, ${counted(found('note'), 'note')}.`;
  return [...checks.flatMap(linesOf), '', summary].join('\n');
}

const MARKS = { broken: 'fail', missing: 'fail', note: 'warn' } as const;

function linesOf({ name, counted: counts, findings }: Checked): readonly string[] {
  const isWrong = findings.some(({ severity }) => severity !== 'note');
  const status = isWrong ? 'fail' : findings.length > 0 ? 'warn' : 'ok';
  const what = Object.entries(counts).map(([noun, count]) => `${noun} ${count}`);
  const seen = new Map<string, number>();
  const lines = findings.flatMap((finding) => {
    const count = (seen.get(finding.code) ?? 0) + 1;
    seen.set(finding.code, count);
    return count <= SHOWN ? [`      ${lineOf(finding)}`] : [];
  });
  const more = [...seen].filter(([, count]) => count > SHOWN);
  const rest = more.map(([code, count]) => `      ${code}: and ${count - SHOWN} more (--json has all)`);
  return [`${mark(status, status.padEnd(5))} ${name}: ${what.join(', ') || 'nothing'}`, ...lines, ...rest];
}

function lineOf(finding: Finding): string {
  const { code, severity, run, events, records } = finding;
  const place = [
    ...(run === '' ? [] : [`run ${run}`]),
    ...(events.length === 0 ? [] : [`event ${idsOf(events)}`]),
    ...(records.length === 0 ? [] : [`record ${idsOf(records)}`]),
  ].join(', ');
  const where = place === '' ? '' : ` ${dim(`(${printable(place)})`)}`;
  return `${mark(MARKS[severity], severity)} ${code}: ${printable(findingText(finding))}${where}`;
}

const idsOf = (ids: readonly number[]): string => `${ids.slice(0, 8).join(', ')}${ids.length > 8 ? ', …' : ''}`;
