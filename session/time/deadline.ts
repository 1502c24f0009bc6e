import { nameOf } from '../../protocol/call.ts';
import { formatDuration } from '../../protocol/values/duration.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { hasRunning, isRunning } from '../session.ts';
import { agentLost, lossAt } from '../agents/rules.ts';
import { mayStart, serversUndoing } from '../calls/take.ts';
import { iso, isSuspended } from '../lifecycle/commands.ts';
import { halt } from '../lifecycle/recovery.ts';
import { CUSTODY, move } from '../decision.ts';

const checksBeforeGoingOn = (session: Session): boolean =>
  session.state.name === 'AUDIT' && session.state.then.name === 'RUNNING';

const idleAt = ({ state, clock, governance, open }: Session): number =>
  state.name === 'RUNNING' && governance && governance.session.idleTimeout !== null && open.length === 0
    ? clock.lastCallAt + governance.session.idleTimeout
    : Infinity;

/**
 * What the passing of time means: the warning, the deadline, the end of the grace period, an agent that is gone (T1,
 * T2, T3, L6).
 */
export function tick(session: Session, now: number): readonly Event[] {
  const { state, clock, governance } = session;
  if (session.resetAt !== null && state.name === 'RUNNING') return halt(session, now);
  if (!governance || isSuspended(session)) return [];
  if (state.name !== 'RUNNING' && state.name !== 'PAUSED' && !checksBeforeGoingOn(session)) return [];
  if (clock.graceUntil !== null)
    return clock.graceUntil <= now
      ? graceOver(session, now)
      : stop(session, 'the deadline passed while the session was being checked', now);
  if (clock.deadlineAt <= now) return deadline(session, 'timeout', now);
  if (idleAt(session) <= now) return deadline(session, 'idle', now);
  if (!clock.warned && clock.deadlineAt - governance.session.warning <= now) {
    const left = formatDuration(Math.max(1000, Math.round((clock.deadlineAt - now) / 1000) * 1000));
    return [
      { type: 'warned', deadlineAt: clock.deadlineAt },
      ...notes(session, `the session reaches its deadline in ${left}, at ${iso(clock.deadlineAt)}`),
    ];
  }
  return agentLost(session, now);
}

function deadline(session: Session, why: 'timeout' | 'idle', now: number): readonly Event[] {
  const { governance } = session;
  if (!governance) return [];
  const { pause, rollback } = governance.onTimeout;
  const graceUntil = pause || rollback ? now + governance.session.gracePeriod : now;
  const text =
    why === 'idle'
      ? `no call for ${formatDuration(governance.session.idleTimeout ?? 0)}`
      : `the deadline passed, ${formatDuration(governance.session.timeout)} after the start${session.clock.extended > 0 ? ` and ${formatDuration(session.clock.extended)} of extension` : ''}`;
  const fromPause =
    rollback && session.resetAt === null && session.state.name === 'PAUSED'
      ? [move(session.state, { name: 'ROLLBACK', to: null, reason: text, by: CUSTODY, since: now }, CUSTODY, text)]
      : [];
  return [
    { type: 'deadlineReached', why, graceUntil },
    ...notes(session, text),
    ...fromPause,
    ...stop(session, text, now),
  ];
}

/**
 * A session does not work on in its grace period (T2). One that was being checked at its deadline comes here after the
 * check.
 */
function stop({ state, governance }: Session, text: string, now: number): readonly Event[] {
  if (state.name !== 'RUNNING' || !governance) return [];
  const { pause, rollback } = governance.onTimeout;
  if (rollback)
    return [move(state, { name: 'ROLLBACK', to: null, reason: text, by: CUSTODY, since: now }, CUSTODY, text)];
  return pause
    ? [move(state, { name: 'PAUSED', cause: 'timeout', reason: text, by: CUSTODY, since: now }, CUSTODY, text)]
    : [];
}

/** Ends the session; by way of AUDIT where something is still under way or due. */
function graceOver(session: Session, now: number): readonly Event[] {
  const { state, clock, duties, open } = session;
  const reason = `${clock.deadlineAt <= now ? 'the deadline passed' : 'the session was idle for too long'} and no extension was approved in the grace period`;
  const ending = { name: 'TIMEOUT', code: 'SESSION_TIMEOUT', reason } as const;
  if (state.name === 'AUDIT') return [move(state, { name: 'AUDIT', then: ending }, CUSTODY, reason)];
  if (state.name !== 'RUNNING' && state.name !== 'PAUSED') return [];
  const isClean = !hasRunning(session) && open.length === 0 && duties.length === 0;
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

/** The next instant at which something is due by the clock alone, with what for; undefined when nothing is (D6). */
export function nextInstant(session: Session): { readonly at: number; readonly what: string } | undefined {
  const { state, clock, governance, open, plan } = session;
  const due: { at: number; what: string }[] = [];
  if (
    governance &&
    !isSuspended(session) &&
    (state.name === 'RUNNING' || state.name === 'PAUSED' || checksBeforeGoingOn(session))
  ) {
    if (clock.graceUntil !== null) due.push({ at: clock.graceUntil, what: 'end of grace period' });
    else {
      due.push(
        { at: clock.deadlineAt, what: 'deadline' },
        { at: idleAt(session), what: 'idle timeout' },
        { at: lossAt(session), what: 'heartbeat of the agent' },
      );
      if (!clock.warned)
        due.push({ at: clock.deadlineAt - governance.session.warning, what: 'warning before the deadline' });
    }
  }
  // Where no call can start, the end of one that runs is what wakes the session.
  const isFull = open.filter(isRunning).length >= (governance?.session.concurrency ?? 0);
  const undoing = serversUndoing(session);
  if (!isFull)
    for (const call of open)
      if (call.retryAt > 0 && mayStart(session, call, undoing))
        due.push({ at: call.retryAt, what: `retry of ${nameOf(call)}` });
  if (state.name === 'RUNNING') {
    for (const [member, until] of Object.entries(plan?.waits ?? {}))
      if (!plan?.done.includes(Number(member))) due.push({ at: until, what: 'wait of the plan' });
  }
  return due.filter(({ at }) => at < Infinity).sort((a, b) => a.at - b.at)[0];
}
