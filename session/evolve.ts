import { foldAgents } from './agents/fold.ts';
import { foldApprovals } from './approvals/fold.ts';
import { foldBudgets } from './budgets/fold.ts';
import { foldCalls } from './calls/fold.ts';
import { foldCapacity } from './capacity/fold.ts';
import type { Event } from './events.ts';
import { foldIdentity } from './identity/fold.ts';
import { foldIncidents } from './incidents/fold.ts';
import { foldLifecycle } from './lifecycle/fold.ts';
import { foldPlan } from './plan/fold.ts';
import { foldServers } from './servers/fold.ts';
import { foldPolicy } from './policy/fold.ts';
import { foldMoney } from './money/fold.ts';
import { foldReports } from './reports/fold.ts';
import { foldNotices } from './notices/fold.ts';
import { foldReviews } from './reviews/fold.ts';
import type { Session } from './session.ts';
import { foldTime } from './time/fold.ts';
import { foldUndo } from './undo/fold.ts';

/** The session after an event: each slice changes its own part. No rules stand here, and the input is never changed. */
export const evolve = (session: Session, event: Event): Session => ({
  ...session,
  ...foldLifecycle(session, event),
  ...foldCalls(session, event),
  ...foldServers(session, event),
  ...foldTime(session, event),
  ...foldUndo(session, event),
  ...foldPlan(session, event),
  ...foldAgents(session, event),
  ...foldCapacity(session, event),
  ...foldPolicy(session, event),
  ...foldApprovals(session, event),
  ...foldIdentity(session, event),
  ...foldMoney(session, event),
  ...foldReports(session, event),
  ...foldNotices(session, event),
  ...foldReviews(session, event),
  ...foldIncidents(session, event),
  ...foldBudgets(session, event),
});

export const evolveAll = (session: Session, events: readonly Event[]): Session => events.reduce(evolve, session);
