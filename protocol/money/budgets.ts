import * as z from 'zod/mini';
import { aName, anActor, aReason, wholeNumber } from '../fields.ts';
import { MAX_MICRO_USD } from './usd.ts';
import type { Frozen } from '../values/json.ts';

/** What budgets, sessions and people say to each other of money that several sessions share. Integer micro-USD. */

export const PERIODS = ['day', 'month', 'total'] as const;

/** What a budget allows, as the operator says it. */
export interface BudgetTerms {
  readonly limit: number;
  readonly per: (typeof PERIODS)[number];
  /** IANA name of the time zone in which days and months begin; absent of `total`. */
  readonly timeZone?: string;
}

/** A calendar day or month, or all time. */
export interface Period {
  /** `2026-11-28`, `2026-11` or `total`. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly from: number;
  /** Epoch milliseconds, when the next begins; null where none does. */
  readonly until: number | null;
}

/** A budget that a session draws on, as it pinned it. */
export interface PinnedBudget {
  /** `NAME`, or `NAME/KEY` of a budget with one pot for each agent, profile or value of a label. */
  readonly id: string;
  /** What is asked for at once, where no more is needed. */
  readonly slice: number;
}

/**
 * What a session says to a budget: what it used in all, and how much beyond that it wants to be able to use. All counts
 * from the beginning of the session, so that a request may come twice, or never be answered.
 */
export interface Draw {
  /** Of the session's requests to this budget, from 1 on. */
  readonly n: number;
  /** Spent and reserved since the session began. */
  readonly used: number;
  /** Of that, what earlier periods pay for. */
  readonly before: number;
  /** Beyond `used`; less than it has gives the rest back. */
  readonly want: number;
  /** Of that, what it needs; less is of no use to it. */
  readonly least: number;
  /** It has ended: `used` is final, and nothing more will come. */
  readonly ends: boolean;
}

/** What a budget answers. */
export interface Drawn {
  readonly n: number;
  /** It has what it needs. */
  readonly ok: boolean;
  /** Up to so much the session may use in all. */
  readonly granted: number;
  /** Until then; null is for ever. Epoch milliseconds. */
  readonly until: number | null;
  /** What the budget could have granted beyond what was used. */
  readonly free: number;
  readonly limit: number;
}

/** From a worker to the workflow of a budget. */
export interface DrawRequest extends Draw {
  readonly session: string;
  /** By the operator's file of the worker that asks; null where that has no such budget any more. */
  readonly now: { readonly terms: BudgetTerms; readonly period: Period } | null;
}

const who = { actor: anActor, reason: aReason };

/** What a person says to a budget. */
export const budgetChange = z.union([
  z.strictObject({ ...who, limit: wholeNumber(0, MAX_MICRO_USD) }),
  z.strictObject({ ...who, release: aName }),
]);
export type BudgetChange = Frozen<z.infer<typeof budgetChange>>;

/** What somebody changed, on record. */
export interface BudgetNote {
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
  readonly what: string;
}

/** What one session has of a budget, in the period at hand. */
export interface LeaseView {
  readonly session: string;
  readonly used: number;
  /** Beyond that: it may be used at any time. */
  readonly leased: number;
  /** When the session was heard of last, ISO 8601. */
  readonly at: string;
  /** A person has freed what was left. */
  readonly released: boolean;
}

/** How a budget stands: `limit = spent + leased + free`, but for what came to more, which is `overrun`. */
export interface BudgetView {
  readonly id: string;
  readonly per: BudgetTerms['per'];
  readonly timeZone: string | null;
  readonly period: { readonly key: string; readonly from: string; readonly until: string | null };
  readonly limit: number;
  /** A person set it for this period. */
  readonly isSet: boolean;
  readonly spent: number;
  readonly leased: number;
  readonly free: number;
  readonly overrun: number;
  readonly leases: readonly LeaseView[];
  readonly notes: readonly (Omit<BudgetNote, 'at'> & { readonly at: string })[];
}
