import type { Route } from './route.ts';
import { APPROVALS } from './routes/approvals.ts';
import { STEERING } from './routes/commands.ts';
import { EVENTS } from './routes/events.ts';
import { ME } from './routes/me.ts';
import { SESSIONS } from './routes/sessions.ts';

/** All that can be asked of the API. */
export const ROUTES: readonly Route[] = [...ME, ...SESSIONS, ...EVENTS, ...STEERING, ...APPROVALS];
