import type { Route } from './route.ts';
import { APPROVALS } from './routes/approvals.ts';
import { BUDGETS } from './routes/budgets.ts';
import { CALLING } from './routes/calls.ts';
import { STEERING } from './routes/commands.ts';
import { EVENTS } from './routes/events.ts';
import { EVIDENCE } from './routes/evidence.ts';
import { ME } from './routes/me.ts';
import { POLICY } from './routes/policy.ts';
import { LOOKING } from './routes/reviews.ts';
import { SESSIONS } from './routes/sessions.ts';
import { STARTING } from './routes/starting.ts';

/** All that can be asked of the API. */
export const ROUTES: readonly Route[] = [
  ...ME,
  ...SESSIONS,
  ...STARTING,
  ...EVENTS,
  ...CALLING,
  ...STEERING,
  ...APPROVALS,
  ...LOOKING,
  ...BUDGETS,
  ...EVIDENCE,
  ...POLICY,
];
