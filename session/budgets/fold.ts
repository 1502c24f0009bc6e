import type { Drawn } from '../../protocol/money/budgets.ts';
import { usdText } from '../../protocol/money/usd.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { iso } from '../time/iso.ts';
import { type Budgets, newBudget, type Refused, type SharedBudget } from './state.ts';

/** The budgets of a session, after an event. */
export function foldBudgets({ budgets, open }: Session, event: Event): Budgets | undefined {
  switch (event.type) {
    case 'opened':
      return event.budgets && budgets.length === 0 ? { budgets: event.budgets.map(newBudget) } : undefined;
    case 'drawWanted': {
      const { budget, draw, layers } = event;
      return change(budgets, budget, (before) => ({ ...before, n: draw.n, asking: draw, layers, freed: 0 }));
    }
    case 'drawn':
      return change(budgets, event.budget, (before) => answered(before, event.answer, open));
    case 'drawFailed':
      return change(budgets, event.budget, (before) => failed(before, event));
    case 'charged': {
      const reserved = open.find(({ callId }) => callId === event.callId)?.reserved;
      if (!reserved || budgets.length === 0) return undefined;
      const unused = Math.max(0, reserved.call + reserved.undo - event.cost - event.undo);
      return { budgets: budgets.map((each) => without(each, event.callId, unused)) };
    }
    case 'undone': {
      // Nobody knows any more which period paid for it.
      const { reserved = 0 } = event;
      return reserved === 0 ? undefined : { budgets: budgets.map((each) => lowered(each, reserved)) };
    }
    case 'moved':
      if (budgets.length === 0 || event.to.name !== 'RESUMING') return undefined;
      return { budgets: budgets.map((each) => ({ ...each, isDry: false, isAsleep: false, refused: null })) };
    default:
      return undefined;
  }
}

const change = (budgets: Budgets['budgets'], id: string, how: (before: SharedBudget) => SharedBudget): Budgets => ({
  budgets: budgets.map((each) => (each.id === id ? how(each) : each)),
});

const lowered = (budget: SharedBudget, by: number): SharedBudget => ({
  ...budget,
  granted: Math.max(0, budget.granted - by),
  before: Math.max(0, budget.before - by),
});

function without(budget: SharedBudget, callId: string, unused: number): SharedBudget {
  const next = budget.asking ? { ...budget, freed: budget.freed + unused } : budget;
  if (!budget.earlier.includes(callId)) return next;
  return { ...lowered(next, unused), earlier: budget.earlier.filter((each) => each !== callId) };
}

function answered(before: SharedBudget, answer: Drawn, open: Session['open']): SharedBudget {
  const { asking } = before;
  if (!asking) return before;
  const { granted, until, ok } = answer;
  const isDry = granted < asking.used + asking.want;
  const refused = ok ? null : exceeded(before, answer, asking.used + asking.least, asking.least);
  const isAsleep = asking.want === 0;
  const isOtherPeriod = before.n > 1 && until !== before.until;
  const paid = open.flatMap(({ callId, reserved: kept }) => (kept ? [callId] : []));
  const earlier = isOtherPeriod ? paid : before.earlier;
  return {
    ...before,
    asking: null,
    granted: isOtherPeriod ? Math.max(0, granted - before.freed) : granted,
    until,
    before: isOtherPeriod ? Math.max(0, asking.used - before.freed) : before.before,
    earlier,
    isDry,
    isAsleep,
    refused: refused ?? keptBy(before),
    isSettled: asking.ends,
  };
}

/** What made a session stop stays on view while it gives back the rest. */
const keptBy = ({ asking, refused }: SharedBudget): Refused | null => (asking?.want === 0 ? refused : null);

function exceeded({ id }: SharedBudget, { free, limit, until }: Drawn, target: number, least: number): Refused {
  const missing = Math.max(1, least - free);
  const turns = until === null ? '' : `, until ${iso(until)}`;
  const message = `of the shared budget '${id}' of ${usdText(limit)} are ${usdText(free)} free${turns}`;
  return { target, missing, code: 'BUDGET_EXCEEDED', message: `${message}: ${usdText(missing)} are missing` };
}

/** What it may have been granted meanwhile does not count, and what it may have given back does not, either. */
function failed(before: SharedBudget, { refusal }: Extract<Event, { type: 'drawFailed' }>): SharedBudget {
  const { asking, id, granted } = before;
  if (!asking) return before;
  const { used, want, least, ends } = asking;
  const message = `the shared budget '${id}' cannot be asked: ${refusal.message}`;
  const refused: Refused | null =
    least > 0 ? { target: used + least, missing: least, code: 'BUDGET_UNAVAILABLE', message } : null;
  return {
    ...before,
    asking: null,
    granted: Math.min(granted, used + want),
    isDry: true,
    isAsleep: want === 0,
    refused: refused ?? keptBy(before),
    isSettled: ends,
  };
}
