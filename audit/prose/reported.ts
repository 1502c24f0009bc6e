import { usdText } from '../../protocol/money/usd.ts';
import type { RecordKinds } from '../../protocol/records.ts';
import type { ReportName } from '../../protocol/reports/names.ts';
import type { AuditReport, Reports } from '../../protocol/reports/reports.ts';
import { counted } from '../../protocol/values/text.ts';

/** A report on record, in one line. */
export const reported = ({ of, figures }: RecordKinds['report']): string =>
  `${of}: ${LINES[of](figures as Reports[typeof of] as never)}`;

const LINES: { readonly [N in ReportName]: (figures: Reports[N]) => string } = {
  summary: ({ calls, effects }) => `${counted(calls.taken, 'call')}, ${counted(effects.made, 'effect')}`,
  audit: ({ layers }) =>
    Object.entries(layers)
      .map(([layer, kinds]) => `${layer} ${sumOf(kinds)}`)
      .join(', '),
  compliance: ({ records, refusals }) => `${counted(sumOf(records), 'record')}, ${refusals.total} refused`,
  financial: (money) => (money ? `${usdText(money.spent + money.overrun)} spent` : 'no account'),
};

const sumOf = (kinds: AuditReport['layers']['session']): number =>
  Object.values(kinds).reduce((sum, { times }) => sum + times, 0);
