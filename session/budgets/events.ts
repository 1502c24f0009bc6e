import type { Draw, Drawn } from '../../protocol/money/budgets.ts';
import type { Refusal } from '../../protocol/errors.ts';

/** What happens between a session and the budgets that it shares with others. */
export type BudgetEvent =
  /** `layers`: what they have cost so far, of what is used. */
  | { readonly type: 'drawWanted'; readonly budget: string; readonly draw: Draw; readonly layers: number }
  | { readonly type: 'drawn'; readonly budget: string; readonly answer: Drawn }
  /** Nobody knows whether it took note. */
  | { readonly type: 'drawFailed'; readonly budget: string; readonly n: number; readonly refusal: Refusal };
