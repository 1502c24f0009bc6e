import type { AllBudgets } from '../../../client/budgets/budgets.ts';
import type { BudgetView } from '../../../protocol/money/budgets.ts';
import { formatUsd, usdText } from '../../../protocol/money/usd.ts';
import { printable } from '../../io/printable.ts';
import { table } from '../table.ts';
import { distance } from '../time.ts';

/** `custody budget list` in words. */
export function showBudgets({ budgets, unanswered }: AllBudgets): string {
  const silent = unanswered.map(({ session, code }) => `${printable(session)} does not say how it stands: ${code}`);
  if (budgets.length === 0) return ['No session has drawn on a shared budget yet.', ...silent].join('\n');
  const listed = table(
    ['BUDGET', 'PERIOD', 'LIMIT USD', 'SPENT', 'LEASED', 'FREE', 'SESSIONS'],
    budgets.map((each) => [
      each.id,
      periodOf(each),
      formatUsd(each.limit),
      formatUsd(each.spent),
      formatUsd(each.leased),
      formatUsd(each.free),
      String(each.leases.length),
    ]),
  );
  return [listed, ...silent].join('\n');
}

/** `custody budget show` in words. */
export function showBudget(budget: BudgetView): string {
  const { id, limit, isSet, spent, leased, free, overrun, leases, notes } = budget;
  const set = isSet ? ', set for this period' : '';
  const lines = [
    printable(id),
    `  limit   ${usdText(limit)}${set}`,
    `  period  ${periodOf(budget)}`,
    `  spent   ${usdText(spent)}`,
    `  leased  ${usdText(leased)} to ${leases.length === 1 ? '1 session' : `${leases.length} sessions`}`,
    `  free    ${usdText(free)}`,
    ...(overrun === 0 ? [] : [`  beyond  ${usdText(overrun)} more than the limit`]),
  ];
  if (leases.length > 0)
    lines.push(
      '',
      table(
        ['SESSION', 'USED USD', 'LEASED', 'HEARD OF'],
        leases.map(({ session, used, leased: has, at, released }) => [
          session,
          formatUsd(used),
          released ? 'released' : formatUsd(has),
          at,
        ]),
        '  ',
      ),
    );
  if (notes.length > 0)
    lines.push(
      '',
      ...notes.map(
        ({ at, actor, what, reason }) => `  ${at} ${printable(`${what}: ${reason} (by ${actor}, claimed)`)}`,
      ),
    );
  return lines.join('\n');
}

/** One that is over goes on until a session draws on it in the next. */
function periodOf({ period: { key, until }, timeZone }: BudgetView): string {
  if (until === null) return 'for all time';
  const turns = Date.parse(until) <= Date.now() ? 'over' : `ends ${distance(until)}`;
  return `${key} ${timeZone ?? ''}, ${turns}`;
}
