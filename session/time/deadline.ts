import { CUSTODY } from '../../protocol/by.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import { agentLost } from '../agents/life.ts';
import { move } from '../decision.ts';
import type { Event } from '../events.ts';
import { halt } from '../lifecycle/recovery.ts';
import { isToBeReviewed } from '../reviews/pass.ts';
import type { Session } from '../session.ts';
import { idleAt, isTimed } from './instants.ts';
import { iso } from './iso.ts';

/** What the passing of time means: the warning, the deadline, the end of the grace period, an agent that is gone. */
export function tick(session: Session, now: number): readonly Event[] {
  const { state, clock, governance } = session;
  if (session.resetAt !== null && state.name === 'RUNNING') return halt(session, now);
  if (!governance || !isTimed(session)) return [];
  if (clock.graceUntil !== null) {
    if (clock.graceUntil <= now) return graceOver(session, now);
    return stop(session, 'the deadline passed while the session was being checked', now);
  }
  if (clock.deadlineAt <= now) return deadline(session, 'timeout', now);
  if (idleAt(session) <= now) return deadline(session, 'idle', now);
  if (!clock.warned && clock.deadlineAt - governance.session.warning <= now) return warning(session, now);
  return agentLost(session, now);
}

function warning(session: Session, now: number): readonly Event[] {
  const { deadlineAt } = session.clock;
  const left = formatDuration(Math.max(1000, Math.round((deadlineAt - now) / 1000) * 1000));
  const text = `the session reaches its deadline in ${left}, at ${iso(deadlineAt)}`;
  return [{ type: 'warned', deadlineAt }, ...notes(session, text)];
}

function deadline(session: Session, why: 'timeout' | 'idle', now: number): readonly Event[] {
  const { governance, state, resetAt } = session;
  if (!governance) return [];
  const { pause, rollback } = governance.onTimeout;
  const graceUntil = pause || rollback ? now + governance.session.gracePeriod : now;
  const text = whatPassed(session, why);
  const isUndone = rollback && resetAt === null && state.name === 'PAUSED';
  const fromPause = isUndone ? [move(state, rollsBack(text, now), CUSTODY, text)] : [];
  const reached: Event = { type: 'deadlineReached', why, graceUntil };
  return [reached, ...notes(session, text), ...fromPause, ...stop(session, text, now)];
}

function whatPassed({ governance, clock }: Session, why: 'timeout' | 'idle'): string {
  if (why === 'idle') return `no call for ${formatDuration(governance?.session.idleTimeout ?? 0)}`;
  const extended = clock.extended > 0 ? ` and ${formatDuration(clock.extended)} of extension` : '';
  return `the deadline passed, ${formatDuration(governance?.session.timeout ?? 0)} after the start${extended}`;
}

const rollsBack = (reason: string, since: number) =>
  ({ name: 'ROLLBACK', to: null, reason, by: CUSTODY, since }) as const;

/**
 * A session does not work on in its grace period. One that was being checked at its deadline comes here after the
 * check.
 */
function stop({ state, governance }: Session, text: string, now: number): readonly Event[] {
  if (state.name !== 'RUNNING' || !governance) return [];
  const { pause, rollback } = governance.onTimeout;
  if (rollback) return [move(state, rollsBack(text, now), CUSTODY, text)];
  const paused = { name: 'PAUSED', cause: 'timeout', reason: text, by: CUSTODY, since: now } as const;
  return pause ? [move(state, paused, CUSTODY, text)] : [];
}

/** Ends the session; by way of AUDIT where something is still under way or due. */
function graceOver(session: Session, now: number): readonly Event[] {
  const { state, clock, duties, open } = session;
  const passed = clock.deadlineAt <= now ? 'the deadline passed' : 'the session was idle for too long';
  const reason = `${passed} and no extension was approved in the grace period`;
  const ending = { name: 'TIMEOUT', code: 'SESSION_TIMEOUT', reason } as const;
  if (state.name !== 'RUNNING' && state.name !== 'PAUSED' && state.name !== 'AUDIT') return [];
  const isClean = state.name !== 'AUDIT' && open.length === 0 && duties.length === 0 && !isToBeReviewed(session);
  return [
    isClean ? move(state, ending, CUSTODY, reason) : move(state, { name: 'AUDIT', then: ending }, CUSTODY, reason),
  ];
}

function notes(session: Session, text: string): readonly Event[] {
  const { audit, notify } = session.governance?.onTimeout ?? { audit: false, notify: false };
  return [
    ...(audit ? [{ type: 'noted', kind: 'audit', text } as const] : []),
    ...(notify ? [{ type: 'noted', kind: 'notify', text } as const] : []),
  ];
}
