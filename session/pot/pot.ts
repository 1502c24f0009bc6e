import type { BudgetNote, BudgetTerms, Period } from '../../protocol/money/budgets.ts';

/**
 * The money that several sessions share, in one period. What a session may use counts from the beginning of the
 * session, and is told by totals: so the same word twice is one word, and one that got lost is made good by the next.
 *
 * Invariant: `limit = spent + leased + free` at every instant, but for an `overrun` that the world, or a person who
 * lowered the limit, brought about.
 */
export interface Pot {
  readonly id: string;
  readonly terms: BudgetTerms;
  readonly period: Period;
  /** The limit of this period, where a person set one. */
  readonly set: number | null;
  /** Spent in this period by sessions that have ended. */
  readonly closed: number;
  readonly leases: { readonly [session: string]: Lease };
  /** The last sessions that ended and gave all back, with the number of that request: it may come twice. */
  readonly ended: readonly (readonly [session: string, n: number])[];
  /** What persons changed, the newest last. */
  readonly notes: readonly BudgetNote[];
}

/** What one session has of it. */
export interface Lease {
  /** Number of its last request. */
  readonly n: number;
  /** Of what it used in all, this counts in earlier periods. */
  readonly base: number;
  /** In all, as it said last. */
  readonly used: number;
  /** Up to so much it may use in all. */
  readonly granted: number;
  /** Until then. Epoch milliseconds. */
  readonly until: number | null;
  /** Its last request had what it needed. */
  readonly ok: boolean;
  /** What was free for it then. */
  readonly free: number;
  /** When it was heard of last. Epoch milliseconds. */
  readonly at: number;
  /** A person freed what it had not used. */
  readonly released?: true;
}

export const newPot = (id: string, terms: BudgetTerms, period: Period): Pot => ({
  id,
  terms,
  period,
  set: null,
  closed: 0,
  leases: {},
  ended: [],
  notes: [],
});

export const limitOf = ({ set, terms }: Pot): number => set ?? terms.limit;

/** Of the money of this period: what it used. */
export const usedOf = ({ used, base }: Lease): number => Math.max(0, used - base);

/** Of the money of this period: what it may use at any time. */
export const leasedOf = ({ granted, used, base }: Lease): number => Math.max(0, granted - Math.max(used, base));

/** What is gone or promised in this period. */
export function takenOf({ closed, leases }: Pick<Pot, 'closed' | 'leases'>): number {
  let sum = closed;
  for (const lease of Object.values(leases)) sum += usedOf(lease) + leasedOf(lease);
  return sum;
}
