import { entry } from './entry.ts';

/** What a budget says. */
export const MONEY = {
  BUDGET_EXCEEDED: entry(
    'The budget of the session does not pay for the call, and nothing was sent.',
    'Add money with `custody top-up`, or do without.',
    402,
  ),
  NO_BUDGET: entry(
    'The session has no budget that money could be added to.',
    'Nothing is to be done: what it spends is counted, and nothing stops for it. `cost.budgetLimit` gives it one.',
    409,
  ),
};
