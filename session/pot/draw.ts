import type { Drawn, DrawRequest } from '../../protocol/money/budgets.ts';
import { inPeriod } from './period.ts';
import { type Lease, limitOf, type Pot, takenOf, usedOf } from './pot.ts';

/**
 * A session says what it used, and gets what it wants as far as there is money. One that ends gives all back.
 *
 * @param now epoch milliseconds
 */
export function draw(before: Pot, request: DrawRequest, now: number): { readonly pot: Pot; readonly answer: Drawn } {
  const pot = inPeriod(before, request.now, now);
  const { session, n, used, before: earlier, want, least, ends } = request;
  const lease = leaseIn(pot, session);
  if (lease && n <= lease.n) return { pot, answer: answerOf(pot, lease) };
  if (!lease && hasEnded(pot, session, n))
    return { pot, answer: answerOf(pot, { ...NEW, n, used, granted: used, ok: ends }) };
  // What was used under a lease of an earlier period was counted there.
  const isIts = lease ? lease.until === pot.period.until : n === 1;
  const base = isIts ? Math.min(lease?.base ?? 0, earlier) : used;
  const { [session]: _, ...others } = pot.leases;
  const spent = usedOf({ ...NEW, used, base });
  const rest = { ...pot, leases: others };
  if (ends) {
    const ended = [...rest.ended.filter(([each]) => each !== session), [session, n] as const].slice(-ENDED);
    const closed = { ...rest, closed: rest.closed + spent, ended };
    return { pot: closed, answer: answerOf(closed, { ...NEW, n, used, granted: used, ok: true }) };
  }
  const free = Math.max(0, limitOf(pot) - takenOf(rest) - spent);
  const ok = Math.min(want, free) >= least;
  const has = lease ? Math.max(0, lease.granted - Math.max(used, lease.base)) : 0;
  // What does not help is not taken, but what it has it keeps.
  const more = Math.min(ok ? want : has, free);
  const granted = used + more;
  const { until } = pot.period;
  const next: Lease = { n, base, used, granted, until, ok, free, at: now };
  return { pot: { ...pot, leases: { ...others, [session]: next } }, answer: answerOf(pot, next) };
}

/** Sessions of which a request that comes too late is known for one. */
const ENDED = 200;

const hasEnded = ({ ended }: Pot, session: string, n: number): boolean =>
  ended.some(([each, last]) => each === session && n <= last);

const NEW: Lease = { n: 0, base: 0, used: 0, granted: 0, until: null, ok: false, free: 0, at: 0 };

const leaseIn = ({ leases }: Pot, session: string): Lease | undefined =>
  Object.hasOwn(leases, session) ? leases[session] : undefined;

const answerOf = (pot: Pot, { n, ok, granted, until, free }: Lease): Drawn => ({
  n,
  ok,
  granted,
  until,
  free,
  limit: limitOf(pot),
});
