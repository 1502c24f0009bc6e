import type { BudgetChange } from '../../protocol/money/budgets.ts';
import { usdText } from '../../protocol/money/usd.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { leasedOf, type Lease, type Pot } from './pot.ts';

/** Changes by persons that are kept for whoever looks; the history has all of them. */
const NOTES = 20;

export type Changed = { readonly ok: true; readonly pot: Pot } | { readonly ok: false; readonly refusal: Refusal };

/** What a person changes: the limit of this period, or what a session has that will not give it back. */
export function change(pot: Pot, given: BudgetChange, now: number): Changed {
  const noted = (what: string): Pick<Pot, 'notes'> => {
    const { actor, reason } = given;
    return { notes: [...pot.notes, { at: now, actor, reason, what }].slice(-NOTES) };
  };
  if ('limit' in given) {
    const what = `the limit of ${pot.period.key} is ${usdText(given.limit)}`;
    return { ok: true, pot: { ...pot, set: given.limit, ...noted(what) } };
  }
  const { release: session } = given;
  const lease = Object.hasOwn(pot.leases, session) ? pot.leases[session] : undefined;
  if (!lease) {
    const message = `The session '${session}' has nothing of the budget '${pot.id}'.`;
    return { ok: false, refusal: { code: 'BUDGET_LEASE_NOT_FOUND', message } };
  }
  const what = `${usdText(leasedOf(lease))} that ${session} had are free again`;
  const released: Lease = { ...lease, granted: Math.max(lease.used, lease.base), released: true };
  return { ok: true, pot: { ...pot, leases: { ...pot.leases, [session]: released }, ...noted(what) } };
}
