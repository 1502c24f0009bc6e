import type { BudgetTerms, Period } from '../../protocol/money/budgets.ts';

const DAY = 24 * 3_600_000;
/** Longer than any day or month is, with its changes of the clock. */
const LONGEST = { day: 3 * DAY, month: 33 * DAY } as const;

const TOTAL: Period = { key: 'total', from: 0, until: null };

/** The calendar day or month of an instant, in the time zone of the budget. @param at epoch milliseconds */
export function periodAt({ per, timeZone }: Pick<BudgetTerms, 'per' | 'timeZone'>, at: number): Period {
  if (per === 'total') return TOTAL;
  const keyOf = keysOf(per, timeZone ?? 'UTC');
  const key = keyOf(at);
  const isIts = (instant: number): boolean => keyOf(instant) === key;
  // The first instant of the period, and the first that is in it no more.
  const from = firstOf(at - LONGEST[per], at, isIts);
  const until = firstOf(at, at + LONGEST[per], (instant) => !isIts(instant));
  return { key, from, until };
}

/** The first instant after `low` for which something holds that holds at `high` and, once it does, until then. */
function firstOf(low: number, high: number, holds: (instant: number) => boolean): number {
  let [no, yes] = [low, high];
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

/** What the calendar says at an instant: `2026-11-28`, `2026-11`. */
function keysOf(per: 'day' | 'month', timeZone: string): (instant: number) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (instant) => {
    const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    return [parts['year'], parts['month'], ...(per === 'day' ? [parts['day']] : [])].join('-');
  };
}
