import { CustodyError } from '../../protocol/errors.ts';
import type { Drawn } from '../../protocol/money/budgets.ts';
import type { ActivityDeps } from '../deps.ts';
import type { DrawOnBudget } from '../types.ts';
import { periodAt } from './period.ts';

/** What a session says to a budget, under the terms that this worker has of it. */
export async function drawOnBudget(
  { config, budgets }: Pick<ActivityDeps, 'config' | 'budgets'>,
  { sessionId: session, budget, at, ...draw }: DrawOnBudget,
): Promise<Drawn> {
  const terms = config.budget(budget);
  if (!terms && !draw.ends)
    throw new CustodyError(
      'BUDGET_UNAVAILABLE',
      `The configuration of this worker has no budget '${budget.split('/', 1)[0]}' any more.`,
    );
  return budgets.draw(budget, { session, ...draw, now: terms ? { terms, period: periodAt(terms, at) } : null });
}
