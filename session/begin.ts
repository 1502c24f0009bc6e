import type { SentProof } from '../protocol/identity/standing.ts';
import type { SessionSpec } from '../protocol/spec.ts';
import { NO_APPROVALS } from './approvals/state.ts';
import { NO_BUDGETS } from './budgets/state.ts';
import { weigh } from './capacity/weight.ts';
import { NOBODY_KNOWN, type Starter } from './identity/state.ts';
import { NO_INCIDENTS } from './incidents/state.ts';
import { NO_MONEY } from './money/state.ts';
import { NO_NOTICES } from './notices/state.ts';
import { NO_POLICY } from './policy/state.ts';
import { NO_REPORTS } from './reports/state.ts';
import { NO_REVIEWS } from './reviews/state.ts';
import { emptySession, type Session } from './session.ts';

/** A session before anything happened to it. @param startedAt epoch milliseconds */
export function newSession(
  id: string,
  spec: SessionSpec,
  startedAt: number,
  startedBy?: Starter,
  signedStart: SentProof | null = null,
  traceparent?: string,
): Session {
  const traced = traceparent === undefined ? {} : { traceparent };
  const session = { ...emptySession(id, spec, startedAt, startedBy), signedStart, ...traced };
  return { ...session, weight: weigh(session) };
}

/** What sessions that began without it do not carry. */
const ADDED: Partial<Session> = {
  ...NO_POLICY,
  ...NO_APPROVALS,
  ...NOBODY_KNOWN,
  ...NO_MONEY,
  ...NO_REPORTS,
  ...NO_NOTICES,
  ...NO_REVIEWS,
  ...NO_INCIDENTS,
  ...NO_BUDGETS,
};

/** A state as an earlier version may have carried it: what it does not have is as in a new session. */
export const upgraded = (session: Session): Session => ({ ...ADDED, ...session });
