import { usdText } from '../../../protocol/money/usd.ts';
import { LAYERS } from '../../../protocol/records.ts';
import type { FinancialReport } from '../../../protocol/reports/reports.ts';
import { showDelays } from '../../cost/delays.ts';
import { table } from '../table.ts';

/** What a session cost, in words. */
export function showFinancial(report: FinancialReport): readonly string[] {
  if (!report) return ['  The session has no account.'];
  const { limit, spent, overrun, reserved, free, toppedUp, parts, byName, excess, delays, ofParent } = report;
  const tools = Object.entries(byName).map(([name, { times, microUsd }]) => [name, String(times), usdText(microUsd)]);
  return [
    `  ${usdText(spent + overrun)} spent, ${usdText(reserved)} reserved` +
      (limit === null || free === null ? ', no limit' : `; of a limit of ${usdText(limit)} are ${usdText(free)} free`),
    `  calls ${usdText(parts.calls)}, recorded ${usdText(parts.recorded)}, layers: ` +
      LAYERS.map((layer) => `${layer} ${usdText(parts[layer])}`).join(', '),
    ...(toppedUp === 0 ? [] : [`  topped up by ${usdText(toppedUp)}`]),
    ...(overrun === 0 ? [] : [`  ${usdText(overrun)} beyond the limit`]),
    ...(excess === 0 ? [] : [`  ${usdText(excess)} beyond what calls could cost by their limits`]),
    ...(ofParent === null ? [] : [`  its parent had spent ${usdText(ofParent)}, which does not count here`]),
    ...(tools.length === 0 ? [] : [table(['TOOL', 'ATTEMPTS', 'COST'], tools, '  ')]),
    ...(delays === null ? [] : [showDelays(delays, '  ')]),
  ];
}
