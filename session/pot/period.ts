import type { DrawRequest } from '../../protocol/money/budgets.ts';
import { type Pot, takenOf } from './pot.ts';

/**
 * The pot under the terms and in the period of who asks. A period only ever goes forward, once it has begun by the
 * clock of the pot: another worker may have another clock. What was granted before counts in the period before, so a
 * session has nothing in the new one until it asks.
 *
 * @param now epoch milliseconds
 */
export function inPeriod(pot: Pot, asked: DrawRequest['now'], now: number): Pot {
  if (!asked) return pot;
  const { terms, period } = asked;
  const { per, timeZone } = pot.terms;
  // Where the file has another kind of period, what is gone stays gone.
  if (per !== terms.per || timeZone !== terms.timeZone)
    return { ...pot, terms, period, closed: takenOf(pot), leases: counted(pot) };
  const { until } = pot.period;
  if (until === null || period.from < until || period.from > now) return { ...pot, terms };
  return { ...pot, terms, period, set: null, closed: 0, leases: counted(pot) };
}

/** What was granted until now counts until now. */
const counted = ({ leases }: Pot): Pot['leases'] =>
  Object.fromEntries(
    Object.entries(leases)
      .filter(([, { released }]) => !released)
      .map(([session, lease]) => [
        session,
        { ...lease, base: Math.max(lease.base, lease.granted, lease.used), until: 0 },
      ]),
  );
