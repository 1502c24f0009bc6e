import * as z from 'zod/mini';
import { CustodyError } from '../../../protocol/errors.ts';
import { aText, SESSION_ID } from '../../../protocol/fields.ts';
import { ROLES } from '../../../protocol/identity/standing.ts';
import { anAmount } from '../../../protocol/money/amount.ts';
import type { Caller } from '../../auth/caller.ts';
import { route } from '../route.ts';
import { seesAll } from '../seen.ts';

export const BUDGETS = [
  route({
    method: 'GET',
    path: '/budgets',
    who: ROLES,
    summary: 'budgets that sessions share, as they stand',
    answer: 'AllBudgets',
    handle: async ({ custody, caller }) => (seesAll(caller) ? custody.budgets.list() : { budgets: [], unanswered: [] }),
  }),
  route({
    method: 'GET',
    path: '/budgets/{name}',
    who: ROLES,
    summary: 'one, with what each session has of it; the name as one part of the path, daily%2Fwriter',
    answer: 'BudgetView',
    handle: ({ custody, caller, params: { name = '' } }) => custody.budgets.describe(seenBy(caller, name)),
  }),
  route({
    method: 'POST',
    path: '/budgets/{name}',
    who: ['operator'],
    summary: 'set the limit of this period, or free what a lost session has',
    body: z.strictObject({ limit: z.optional(anAmount), release: z.optional(SESSION_ID), reason: aText }),
    answer: 'BudgetView',
    handle({ custody: { budgets }, caller, params, body: { limit, release, reason } }) {
      const name = seenBy(caller, params['name'] ?? '');
      if (limit !== undefined && release === undefined) return budgets.setLimit(name, limit, { reason });
      if (release !== undefined && limit === undefined) return budgets.release(name, release, { reason });
      throw new CustodyError('REQUEST_REFUSED', 'Write one of limit and release.');
    },
  }),
];

/** Who knows of some sessions alone knows of no budget, which is of all. @throws CustodyError BUDGET_NOT_FOUND */
function seenBy(caller: Caller, name: string): string {
  if (seesAll(caller)) return name;
  throw new CustodyError('BUDGET_NOT_FOUND', `The budget '${name}' is not there: no session has drawn on it yet.`);
}
