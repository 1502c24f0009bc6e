import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { Refusal } from '../../protocol/errors.ts';
import type { BudgetTerms, BudgetView, Drawn, Period } from '../../protocol/money/budgets.ts';
import type { Pot } from '../../session/pot/pot.ts';

/** Every message of the workflow of a shared budget, declared once and imported by both sides. */

export const BUDGET_TYPE = 'custodyBudget';
const ID = 'custody-budget/';
/** @param id `NAME` or `NAME/KEY` */
export const budgetWorkflowId = (taskQueue: string, id: string): string =>
  `${ID}${encodeURIComponent(taskQueue)}/${id}`;

/** What a pot begins with. */
export interface BudgetInput {
  readonly id: string;
  readonly terms: BudgetTerms;
  readonly period: Period;
  /** As the run before it left it. */
  readonly pot?: Pot;
}

/** Only workers send it. */
export const drawUpdate = defineUpdate<Drawn, [unknown]>('draw');
/** From a person: `{ actor, reason, limit }` in micro-USD, or `{ actor, reason, release }`. */
export const budgetUpdate = defineUpdate<BudgetReply, [unknown]>('set');
export type BudgetReply =
  { readonly ok: true; readonly view: BudgetView } | { readonly ok: false; readonly refusal: Refusal };

export const budgetQuery = defineQuery<BudgetView>('describe');
/** The whole state, for a run that goes on from this one. Only workers ask. */
export const potQuery = defineQuery<PotState>('pot');
export interface PotState {
  readonly pot: Pot;
  /** The run was reset in Temporal, and does not know what was granted after that point. */
  readonly isReset: boolean;
}
