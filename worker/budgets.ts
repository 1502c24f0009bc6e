import type { Configuration } from '../activities/deps.ts';
import { type BudgetRule, type BudgetRules, sliceOf } from '../config/schema/budgets.ts';

type Session = Parameters<Configuration['budgetsFor']>[0];

/** The budgets of the operator's file, as activities ask them. */
export const budgetsIn = (budgets: BudgetRules): Pick<Configuration, 'budgetsFor' | 'budget'> => ({
  budgetsFor: (session) =>
    Object.entries(budgets)
      .filter(([, rule]) => isFor(rule, session))
      .map(([name, rule]) => ({ id: idOf(name, rule, session), slice: sliceOf(rule) })),
  budget(id) {
    const name = id.split('/', 1)[0] ?? '';
    const rule = Object.hasOwn(budgets, name) ? budgets[name] : undefined;
    if (!rule) return undefined;
    const { limit, per, timeZone } = rule;
    return { limit, per, ...(timeZone === undefined ? {} : { timeZone }) };
  },
});

function isFor({ for: whom = {} }: BudgetRule, { agent, profile, labels }: Session): boolean {
  const { agents, profiles, labels: wanted = {} } = whom;
  if (agents && !agents.includes(agent)) return false;
  if (profiles && !profiles.includes(profile)) return false;
  return Object.entries(wanted).every(([name, value]) => labelIn(labels, name) === value);
}

/** Sessions without the label have a pot of their own, too: nobody gets around a budget by leaving it out. */
function idOf(name: string, { by }: BudgetRule, { agent, profile, labels }: Session): string {
  if (by === undefined) return name;
  const key = by === 'agent' ? agent : by === 'profile' ? profile : (labelIn(labels, by.slice('label:'.length)) ?? '');
  return `${name}/${key}`;
}

const labelIn = (labels: Session['labels'], name: string): string | undefined =>
  Object.hasOwn(labels, name) ? labels[name] : undefined;
