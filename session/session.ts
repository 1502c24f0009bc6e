import { NOTHING_DONE, type Undoing } from './undo/state.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { type Agents, NO_AGENTS } from './agents/state.ts';
import { type Budgets, NO_BUDGETS } from './budgets/state.ts';
import { type Approvals, NO_APPROVALS } from './approvals/state.ts';
import { type Calls, NO_CALLS } from './calls/state.ts';
import { type Capacity, NOTHING_USED } from './capacity/state.ts';
import { type Identity, NOBODY_KNOWN, type Starter } from './identity/state.ts';
import { type Incidents, NO_INCIDENTS } from './incidents/state.ts';
import { type Lifecycle, NEW_LIFE } from './lifecycle/state.ts';
import { type Money, NO_MONEY } from './money/state.ts';
import { NO_NOTICES, type Notices } from './notices/state.ts';
import { NEW_PLAN, type Plan } from './plan/state.ts';
import { NO_POLICY, type Policy } from './policy/state.ts';
import { NOTHING_COUNTED, type Reporting } from './reports/state.ts';
import { NO_REVIEWS, type Reviews } from './reviews/state.ts';
import { NO_SERVERS, type Servers } from './servers/state.ts';
import { newTime, type Time } from './time/state.ts';

/**
 * Everything a session is, as JSON: what it was started with, and the parts of its slices. It changes by events alone,
 * and continue-as-new carries it.
 */
export interface Session
  extends
    Lifecycle,
    Calls,
    Servers,
    Time,
    Undoing,
    Plan,
    Agents,
    Capacity,
    Policy,
    Approvals,
    Identity,
    Money,
    Reporting,
    Notices,
    Reviews,
    Incidents,
    Budgets {
  readonly version: 1;
  readonly id: string;
  readonly spec: SessionSpec;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** W3C trace context in which it was started: that of calls which bring none. */
  readonly traceparent?: string;
}

/** A session before anything happened to it, and before it is weighed. */
export const emptySession = (id: string, spec: SessionSpec, startedAt: number, startedBy?: Starter): Session => ({
  version: 1,
  id,
  spec,
  startedAt,
  ...(startedBy ? { startedBy } : {}),
  ...NEW_LIFE,
  ...NO_CALLS,
  ...NO_SERVERS,
  ...newTime(startedAt),
  ...NOTHING_DONE,
  plan: spec.plan ? NEW_PLAN : null,
  ...NO_AGENTS,
  ...NOTHING_USED,
  ...NO_POLICY,
  ...NO_APPROVALS,
  ...NOBODY_KNOWN,
  ...NO_MONEY,
  ...NOTHING_COUNTED,
  ...NO_NOTICES,
  ...NO_REVIEWS,
  ...NO_INCIDENTS,
  ...NO_BUDGETS,
});
