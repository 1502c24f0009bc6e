import type { BudgetView } from '../../protocol/money/budgets.ts';
import { iso } from '../time/iso.ts';
import { leasedOf, limitOf, type Pot, usedOf } from './pot.ts';

/** How a pot stands. */
export function viewOf(pot: Pot): BudgetView {
  const { id, terms, period, set, closed, leases, notes } = pot;
  const limit = limitOf(pot);
  let [spent, leased] = [closed, 0];
  for (const lease of Object.values(leases)) {
    spent += usedOf(lease);
    leased += leasedOf(lease);
  }
  return {
    id,
    per: terms.per,
    timeZone: terms.timeZone ?? null,
    period: { key: period.key, from: iso(period.from), until: period.until === null ? null : iso(period.until) },
    limit,
    isSet: set !== null,
    spent,
    leased,
    free: Math.max(0, limit - spent - leased),
    overrun: Math.max(0, spent + leased - limit),
    leases: Object.entries(leases).map(([session, lease]) => ({
      session,
      used: usedOf(lease),
      leased: leasedOf(lease),
      at: iso(lease.at),
      released: lease.released === true,
    })),
    notes: notes.map((note) => ({ ...note, at: iso(note.at) })),
  };
}
