import type { AgentEvent } from './agents/events.ts';
import type { ApprovalEvent } from './approvals/events.ts';
import type { BudgetEvent } from './budgets/events.ts';
import type { CallEvent } from './calls/events.ts';
import type { CapacityEvent } from './capacity/events.ts';
import type { IdentityEvent } from './identity/events.ts';
import type { IncidentEvent } from './incidents/events.ts';
import type { LifecycleEvent } from './lifecycle/events.ts';
import type { MoneyEvent } from './money/events.ts';
import type { NoticeEvent } from './notices/events.ts';
import type { PlanEvent } from './plan/events.ts';
import type { PolicyEvent } from './policy/events.ts';
import type { ReportEvent } from './reports/events.ts';
import type { ReviewEvent } from './reviews/events.ts';
import type { ServerEvent } from './servers/events.ts';
import type { TimeEvent } from './time/events.ts';
import type { UndoEvent } from './undo/events.ts';

/** Everything that can happen to a session. Each slice folds those that are its business. */
export type Event =
  | LifecycleEvent
  | CallEvent
  | ServerEvent
  | TimeEvent
  | UndoEvent
  | PlanEvent
  | AgentEvent
  | CapacityEvent
  | PolicyEvent
  | ApprovalEvent
  | IdentityEvent
  | MoneyEvent
  | ReportEvent
  | NoticeEvent
  | ReviewEvent
  | IncidentEvent
  | BudgetEvent;
