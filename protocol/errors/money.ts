import { entry } from './entry.ts';

/** What a budget says. */
export const MONEY = {
  BUDGET_EXCEEDED: entry(
    'The budget of the session does not pay for the call, and nothing was sent.',
    'Add money with `custody top-up`, or do without.',
    402,
  ),
  BUDGET_UNAVAILABLE: entry(
    'A shared budget cannot be asked, or nobody knows how it stands; nothing was sent.',
    'See that workers run and have the budget in custody.yaml; where its history is lost, see docs/budgets.md. Then ' +
      'resume the session.',
    503,
    true,
  ),
  BUDGET_NOT_FOUND: entry(
    'There is no shared budget of that name that a session has drawn on, or it does not run.',
    'See `custody budget list`. A budget begins, and begins again, when a session draws on it.',
    404,
  ),
  BUDGET_LEASE_NOT_FOUND: entry(
    'The session has nothing of the shared budget.',
    'See `custody budget show NAME`.',
    404,
  ),
  BUDGET_IN_USE: entry(
    'The session runs, and may use what it has of the shared budget.',
    'Let it end: it gives back what it has not used. A session that is paused does so after five minutes.',
    409,
  ),
  NO_BUDGET: entry(
    'The session has no budget that money could be added to.',
    'Nothing is to be done: what it spends is counted, and nothing stops for it. `cost.budgetLimit` gives it one.',
    409,
  ),
};
