import { CustodyError } from '../../protocol/errors.ts';
import type { ReportName } from '../../protocol/reports/names.ts';
import type { Reports } from '../../protocol/reports/reports.ts';
import type { SessionView } from '../../protocol/view.ts';
import { figuresOf } from '../../session/reports/figures.ts';

/**
 * A report of a session, as it stands in what `describe` says; of a session that has ended it is the one on record.
 *
 * @throws CustodyError NO_REPORT where its profile does not ask for it
 */
export function reportOf<N extends ReportName>(view: SessionView, name: N): Reports[N] {
  const figures = figuresOf(view, name);
  if (figures !== undefined) return figures;
  const why = view.tally
    ? `the profile '${view.profile}' has onReport.${name}: false`
    : 'it is not open yet, or began before there were reports';
  throw new CustodyError('NO_REPORT', `The session '${view.id}' makes no ${name} report: ${why}.`);
}
