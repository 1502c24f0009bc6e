import { FINDINGS, type Finding } from '../../../audit/verify/findings.ts';
import { limitsOf } from '../../../audit/verify/limits.ts';
import type { ReportVerification } from '../../../audit/report/verify.ts';
import type { Verification } from '../../../audit/verify/verify.ts';
import { counted } from '../../../protocol/values/text.ts';
import { printable } from '../../io/printable.ts';
import { bold, mark } from '../style.ts';

/** The verdict first, then what is signed, what was checked, what was found, and what that does not prove. */
export function showVerification(verification: Verification): string {
  const { log, isSound } = verification;
  const what = log
    ? `${counted(log.size, 'record')} of ${printable(log.origin)}`
    : 'nothing here is signed by a key you trust';
  return [
    mark(isSound ? 'ok' : 'fail', `${isSound ? 'SOUND' : 'NOT SOUND'}: ${what}`),
    ...(log ? [`  root       ${log.root}`] : []),
    ...checked(verification).map((line) => `  ${line}`),
    ...found(verification),
    '',
    bold(isSound ? 'What this does not prove:' : 'What a sound bundle would not prove either:'),
    ...limitsOf(verification).map((each) => `  - ${each}`),
  ].join('\n');
}

/** The verdict on several bundles and their report first, then what is said of each. */
export function showSeveral(bundles: readonly Verification[], report: ReportVerification | undefined): string {
  const sound = bundles.filter(({ isSound }) => isSound).length;
  const isSound = sound === bundles.length && report?.isSound !== false;
  const figures = report ? `; ${counted(report.figures, 'figure')} of the report made again from their records` : '';
  return [
    mark(
      isSound ? 'ok' : 'fail',
      `${isSound ? 'SOUND' : 'NOT SOUND'}: ${sound} of ${bundles.length} bundles${figures}`,
    ),
    ...(report ? found(report) : []),
    ...bundles.flatMap((each) => ['', showVerification(each)]),
  ].join('\n');
}

type Found = Pick<Verification, 'findings' | 'counts'>;

/** What was found, by what it says. */
export function found({ findings, counts }: Found): readonly string[] {
  const [broken, notes] = (['broken', 'note'] as const).map((severity) =>
    findings.filter(({ code }) => FINDINGS[code].severity === severity),
  ) as [Finding[], Finding[]];
  return [...section('What is wrong:', broken, counts), ...section('What is not shown:', notes, counts)];
}

/** Who outside vouches for a checkpoint. */
export function witnesses(witnessed: Verification['witnessed']): string {
  const by = [
    ...witnessed.by.map(({ name, at }) => `${printable(name)}${at === null ? '' : ` at ${at}`}`),
    ...(witnessed.at === null ? [] : [`a time stamp of ${witnessed.at}`]),
  ];
  return by.length === 0 ? 'by nobody that you named' : `by ${by.join(', ')}`;
}

function checked({ log, sealed, files, opened, derived, witnessed, figures }: Verification): readonly string[] {
  const records = sealed.filter(({ leaf }) => leaf).length;
  return log
    ? [
        `checked    ${counted(files, 'file')}, ${counted(records, 'record')}`,
        `opened     ${counted(opened, 'record')}, ${derived} derived again from raw histories`,
        ...(figures === undefined
          ? []
          : [`report     ${counted(figures, 'figure')} of it made again from the records`]),
        `witnessed  ${witnesses(witnessed)}`,
      ]
    : [];
}

function section(title: string, findings: readonly Finding[], counts: Found['counts']): readonly string[] {
  const codes = [...new Set(findings.map(({ code }) => code))];
  return codes.length === 0
    ? []
    : [
        '',
        bold(title),
        ...codes.flatMap((code) => {
          const those = findings.filter((finding) => finding.code === code);
          const more = (counts[code] ?? 0) - those.length;
          return [
            `  ${code}: ${FINDINGS[code].what}`,
            ...those.map((each) => `    ${placeOf(each)}${printable(each.why)}`),
            ...(more > 0 ? [`    and ${more} more`] : []),
            `    -> ${FINDINGS[code].remedy}`,
          ];
        }),
      ];
}

function placeOf({ path, seq }: Finding): string {
  const places = [...(seq === undefined ? [] : [`record ${seq}`]), ...(path === undefined ? [] : [printable(path)])];
  return places.length === 0 ? '' : `${places.join(', ')}: `;
}
