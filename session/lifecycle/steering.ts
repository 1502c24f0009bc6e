import { formatDuration } from '../../protocol/values/duration.ts';
import type { CommandOf as Of } from '../commands.ts';
import type { OutsideCommand } from '../../protocol/commands.ts';
import { accept, type Decision, illegal, move, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import type { FactOf } from '../facts.ts';
import type { Session } from '../session.ts';
import { isSuspended } from '../time/instants.ts';
import { iso } from '../time/iso.ts';
import { commanded } from './commanded.ts';
import { leavePause } from './leavePause.ts';
import { type Ending, isEnded } from './states.ts';

/** Stops new calls until `resume`. Over a pause with another cause, the operator's becomes the cause. */
export function pause(session: Session, command: Of<'pause'>, now: number): Decision {
  const { state } = session;
  const { by } = command;
  const who = { by: by.actor, ...(by.proven ? { isProven: true as const } : {}) };
  const to = { name: 'PAUSED', cause: 'operator', reason: by.reason, ...who, since: now } as const;
  switch (state.name) {
    case 'RUNNING':
    case 'RESUMING':
      return accept(commanded(command), move(state, to, by.actor, by.reason));
    case 'PAUSED':
      if (state.cause === 'operator')
        return refuse('ALREADY_PAUSED', `${state.by} has paused the session already: ${state.reason}`);
      return accept(commanded(command), move(state, { ...to, since: state.since }, by.actor, by.reason));
    default:
      return illegal(session, 'pause', 'RUNNING, RESUMING and PAUSED');
  }
}

/** Goes on by way of RESUMING, where servers are opened again and compared with what was pinned. */
export function resume(session: Session, command: Of<'resume'>, now: number): Decision {
  const { state, clock } = session;
  const { by } = command;
  if (state.name !== 'PAUSED') return illegal(session, 'resume', 'PAUSED');
  if (clock.graceUntil !== null) {
    const what =
      clock.deadlineAt <= now ? `The deadline passed at ${iso(clock.deadlineAt)}` : 'The session was idle for too long';
    return refuse('DEADLINE_PASSED', `${what}; the session ends at ${iso(clock.graceUntil)} unless it is extended.`);
  }
  return accept(
    commanded(command),
    ...leavePause(session, now),
    move(state, { name: 'RESUMING', paused: state, acceptChanges: command.acceptChanges }, by.actor, by.reason),
  );
}

/** Moves the deadline; in the grace period it brings a session back. */
export function extend(session: Session, command: Of<'extend'>, now: number): Decision {
  const { state, clock, governance } = session;
  const { by, ms } = command;
  const checking = state.name === 'AUDIT' && state.then.name === 'RUNNING';
  if (!governance || (state.name !== 'RUNNING' && state.name !== 'PAUSED' && state.name !== 'RESUMING' && !checking)) {
    return illegal(session, 'extend', 'RUNNING, PAUSED and RESUMING');
  }
  const { maxExtension, autoResume } = governance.session;
  if (clock.extended + ms > maxExtension) {
    return refuse(
      'EXTENSION_TOO_LONG',
      `${formatDuration(ms)} more would make ${formatDuration(clock.extended + ms)} in sum, and ` +
        `session.maxExtension is ${formatDuration(maxExtension)}.`,
    );
  }
  const deadlineAt = clock.deadlineAt + ms;
  if (deadlineAt <= now && !isSuspended(session)) {
    return refuse(
      'DEADLINE_PASSED',
      `${formatDuration(ms)} more would end at ${iso(deadlineAt)}, which has passed; ask for more than ` +
        `${formatDuration(now - clock.deadlineAt)}.`,
    );
  }
  const events: Event[] = [commanded(command), { type: 'extended', ms, deadlineAt, by, at: now }];
  if (state.name === 'PAUSED' && state.cause === 'timeout' && autoResume) {
    events.push(
      move(
        state,
        { name: 'RESUMING', paused: state, acceptChanges: false },
        by.actor,
        `extended by ${formatDuration(ms)}: ${by.reason}`,
      ),
    );
  }
  return accept(...events);
}

/** Ends the session as COMPLETED, once AUDIT finds nothing open. */
export function complete(session: Session, command: Of<'complete'>): Decision {
  const reason = command.by.reason;
  return end(session, command, { name: 'COMPLETED', reason }, 'complete');
}

/** Ends the session as FAILED (cancelled); calls under way are cancelled. */
export function cancel(session: Session, command: Of<'cancel'>): Decision {
  const ending = {
    name: 'FAILED',
    code: 'SESSION_CANCELLED',
    reason: `cancelled by ${command.by.actor}: ${command.by.reason}`,
  } as const;
  if (session.state.name === 'INIT')
    return accept(commanded(command), move(session.state, ending, command.by.actor, command.by.reason));
  return end(session, command, ending, 'cancel');
}

function end(session: Session, command: OutsideCommand, then: Ending, name: string): Decision {
  const { state } = session;
  const { by } = command;
  if (state.name === 'RUNNING' || state.name === 'PAUSED' || state.name === 'RESUMING') {
    return accept(commanded(command), move(state, { name: 'AUDIT', then }, by.actor, by.reason));
  }
  if (
    state.name === 'AUDIT' &&
    (state.then.name === 'RUNNING' || (name === 'cancel' && state.then.name === 'COMPLETED'))
  ) {
    return accept(commanded(command), move(state, { name: 'AUDIT', then }, by.actor, by.reason));
  }
  return illegal(
    session,
    name,
    name === 'cancel'
      ? 'every state but ROLLBACK, an end, and an AUDIT that leads to FAILED or TIMEOUT already'
      : 'RUNNING, PAUSED and RESUMING',
  );
}

/** Answers commands to a session that has ended. */
export const refuseEnded = (session: Session): Decision | undefined =>
  isEnded(session.state)
    ? refuse('SESSION_ENDED', `The session ended as ${session.state.name}: ${session.state.reason}`)
    : undefined;

/** Temporal's own cancel is a command like any other, but it comes once: in a rollback it is kept until after that. */
export function cancelled(session: Session, { runId }: FactOf<'cancelled'>): Decision {
  if (session.state.name === 'ROLLBACK') return accept({ type: 'cancelKept' });
  const by = { actor: 'temporal', reason: CANCELLED, commandId: `cancel/${runId}` };
  return refuseEnded(session) ?? cancel(session, { type: 'cancel', by });
}

/** Obeys a cancel that was kept. */
export function cancelKept(session: Session): readonly Event[] {
  if (!session.isCancelled || session.state.name === 'ROLLBACK' || isEnded(session.state)) return [];
  const by = { actor: 'temporal', reason: CANCELLED, commandId: 'cancel' };
  const decision = cancel(session, { type: 'cancel', by });
  return decision.ok ? decision.events : [];
}

const CANCELLED = 'cancelled in Temporal';
