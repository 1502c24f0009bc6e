import { LAYERS } from '../../protocol/records.ts';
import type { MoneyView } from '../../protocol/money/view.ts';
import { usedOf } from '../budgets/lease.ts';
import type { SharedBudget } from '../budgets/state.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';
import { callsAtOnce } from './afford.ts';
import { balanceOf, totalOf } from './balance.ts';
import { delaysOf } from './delays/view.ts';
import { accruedBy } from './layers.ts';

const HOUR = 3_600_000;

/** How the money of a session stands at an instant; null where it has no account. */
export function moneyOf(session: Session, now: number): MoneyView | null {
  const { account, budgets, parent, startedAt } = session;
  if (!account) return null;
  const balance = balanceOf(session, account, now);
  const { calls, recorded, excess, short, book, toppedUp, alerted } = account;
  const lived = Math.max(1, now - (parent?.since ?? startedAt));
  const total = totalOf(account, now);
  const perHour = Math.round((total / lived) * HOUR);
  const { free } = balance;
  return {
    asOf: iso(now),
    ...balance,
    toppedUp,
    parts: {
      calls,
      recorded,
      ...Object.fromEntries(LAYERS.map((layer) => [layer, accruedBy(account, layer, now)])),
    } as MoneyView['parts'],
    byName: account.byName,
    excess,
    perHour,
    limitAt: free === null || perHour === 0 ? null : iso(now + Math.min(YEARS, Math.round((free / perHour) * HOUR))),
    alerted,
    callsAtOnce: callsAtOnce(session),
    missing: short && { callId: short.callId, microUsd: short.missing },
    ofParent: parent?.microUsd ?? null,
    delays: delaysOf(account, total, now),
    ...(budgets.length === 0 ? {} : { shared: budgets.map(sharedOf(usedOf(session, account, now))) }),
    prices: book.hash,
  } as MoneyView;
}

const sharedOf =
  (used: number) =>
  ({ id: budget, granted, refused }: SharedBudget) => ({ budget, granted, used, missing: refused?.missing ?? null });

/** Beyond this a date says nothing, and may be none. */
const YEARS = 100 * 365 * 24 * HOUR;
