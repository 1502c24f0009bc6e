import type { CommandOf } from '../commands.ts';
import { accept, type Decision, illegal, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import { commanded } from '../lifecycle/commanded.ts';
import { settledAs } from '../money/settle.ts';
import type { Session } from '../session.ts';
import { effectOf, tooLate } from '../undo/effects.ts';
import { ended, giveUp } from './endings.ts';
import { hasEnded, isWaiting } from './state.ts';
import { goesOn } from './terms.ts';

/** A person's word on a call in doubt. */
export function resolve(session: Session, command: CommandOf<'resolve'>, now: number): Decision {
  const { by, callId, as } = command;
  const call = session.open.find((each) => each.callId === callId);
  if (!call) {
    return hasEnded(session, callId)
      ? refuse('CALL_NOT_IN_DOUBT', `The call '${callId}' has ended.`)
      : refuse('CALL_NOT_FOUND', `The session has no open call '${callId}'.`);
  }
  if (call.phase !== 'in_doubt') return refuse('CALL_NOT_IN_DOUBT', `The call '${callId}' is ${call.phase}.`);
  const resolved: Event = { type: 'callResolved', callId, as, by };
  if (as === 'retry') {
    if (!canGoOn(session)) return illegal(session, 'resolve as retry', 'RUNNING, PAUSED and RESUMING');
    return accept(commanded(command), resolved, ...settledAs(call, true, []));
  }
  const settled = { actor: by.actor, reason: by.reason, ...(by.proven ? { proof: by.proven } : {}) };
  if (as === 'succeeded') {
    const end = ended(call, { outcome: 'succeeded', resolved: settled }, now);
    const effect = effectOf(session, call, {}, now);
    const late = tooLate(session, call, effect);
    return accept(commanded(command), resolved, ...settledAs(call, true, effect), end, ...effect, ...late);
  }
  const message = `${by.actor} resolved the call as failed: ${by.reason}`;
  const error = { code: 'RESOLVED_AS_FAILED', message } as const;
  const end = ended(call, { outcome: 'failed', resolved: settled, error }, now);
  return accept(commanded(command), resolved, ...settledAs(call, false, []), end);
}

const canGoOn = ({ state }: Session): boolean =>
  state.name === 'RUNNING' ||
  state.name === 'PAUSED' ||
  state.name === 'RESUMING' ||
  (state.name === 'AUDIT' && state.then.name === 'RUNNING');

/** Calls that will not start, or not again, because the session ends. */
export const refuseQueued = (session: Session, now: number): readonly Event[] =>
  session.open
    .filter((call) => isWaiting(call) && !goesOn(session, call))
    .map((call) => {
      const [outcome, what] =
        call.attempts === 0 || call.phase === 'awaiting_approval'
          ? (['refused', 'start'] as const)
          : (['cancelled', 'be tried again'] as const);
      const message = `The session ended before the call could ${what}.`;
      return giveUp(call, outcome, { code: 'SESSION_ENDED', message }, now);
    });
