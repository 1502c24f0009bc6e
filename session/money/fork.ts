import type { Session } from '../session.ts';
import { balanceOf } from './balance.ts';
import { NO_DELAYS } from './delays/state.ts';
import { type Account, NOTHING_SPENT } from './state.ts';

/**
 * The account of a fork begins at nothing, so that sums over sessions count nothing twice, under the prices of its
 * parent; it may spend what its parent had left.
 */
export function accountOfFork(parent: Session, now: number): Account | null {
  const { account } = parent;
  if (!account) return null;
  return {
    ...account,
    limit: balanceOf(parent, account, now).free,
    ...NOTHING_SPENT,
    ...(account.delays ? { delays: { ...account.delays, sums: NO_DELAYS, under: null } } : {}),
    since: now,
    at: [],
  };
}
