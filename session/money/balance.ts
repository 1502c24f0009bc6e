import type { Session } from '../session.ts';
import { accrued } from './layers.ts';
import type { Account } from './state.ts';

/**
 * How an account stands. `limit = spent + reserved + free` at every instant; what came to more than the limit, since
 * the world cost more than was reserved or an agent recorded what was spent already, is `overrun`.
 */
export interface Balance {
  /** Null is none. */
  readonly limit: number | null;
  readonly spent: number;
  readonly reserved: number;
  /** Null where there is no limit. */
  readonly free: number | null;
  readonly overrun: number;
}

/** What was spent in all, beyond the limit too. */
export const totalOf = (account: Account, now: number): number =>
  account.calls + account.recorded + accrued(account, now);

/** What is reserved for calls under way or in doubt, and for undoing what was done. */
export function reservedOf({ open }: Pick<Session, 'open'>, account: Account): number {
  let sum = account.undoing;
  for (const { reserved } of open) if (reserved) sum += reserved.call + reserved.undo;
  return sum;
}

export const limitOf = ({ limit, toppedUp }: Account): number | null => (limit === null ? null : limit + toppedUp);

export function balanceOf(session: Pick<Session, 'open'>, account: Account, now: number): Balance {
  const total = totalOf(account, now);
  const reserved = reservedOf(session, account);
  const limit = limitOf(account);
  if (limit === null) return { limit, spent: total, reserved, free: null, overrun: 0 };
  const held = Math.min(reserved, limit);
  const spent = Math.min(total, limit - held);
  return { limit, spent, reserved: held, free: limit - spent - held, overrun: total - spent + reserved - held };
}
