import type { Session } from '../session.ts';

/** Has a session that ended said to all budgets what it used? One that was reset in Temporal never does. */
export const isSettled = ({ account, budgets, resetAt }: Session): boolean =>
  !account || resetAt !== null || budgets.every((budget) => budget.isSettled);
