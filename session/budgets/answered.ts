import { usdText } from '../../protocol/money/usd.ts';
import { accept, type Decision, refuse } from '../decision.ts';
import type { FactOf } from '../facts.ts';
import type { Session } from '../session.ts';

/** What a budget said. What it says of an earlier request is of no meaning any more. */
export function answered(session: Session, fact: FactOf<'drawn' | 'drawFailed'>): Decision {
  const asked = session.budgets.find(({ id }) => id === fact.budget)?.asking;
  const n = fact.type === 'drawn' ? fact.answer.n : fact.n;
  if (!asked || asked.n !== n) return refuse('ILLEGAL_IN_STATE', `The budget '${fact.budget}' was not asked that.`);
  if (fact.type === 'drawn' || !asked.ends) return accept(fact);
  const what = `the shared budget '${fact.budget}' was not told that the session used ${usdText(asked.used)}`;
  const text = `${what}, and counts all that it had granted: ${fact.refusal.message}`;
  return accept(fact, { type: 'noted', kind: 'budget', text });
}
