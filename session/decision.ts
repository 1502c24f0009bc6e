import { CUSTODY } from '../protocol/by.ts';
import type { Answer } from '../protocol/calls/call.ts';
import type { ErrorCode, Refusal } from '../protocol/errors.ts';
import type { Event } from './events.ts';
import type { NextState, StateOf } from './lifecycle/states.ts';
import type { StateName } from '../protocol/states.ts';
import type { Session } from './session.ts';

/**
 * What follows from a command or a fact: events, or a refusal; some refusals are events too, such as the pause of a
 * runaway agent.
 */
export type Decision =
  | {
      readonly ok: true;
      readonly events: readonly Event[];
      /** The answer of a repeated call. */
      readonly answer?: Answer;
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly events?: readonly Event[] };

export const accept = (...events: readonly Event[]): Decision => ({ ok: true, events });

export const refuse = (code: ErrorCode, message: string): Decision => ({ ok: false, refusal: { code, message } });

/** The only way to change the state: a transition that `TRANSITIONS` does not have is a type error. */
export const move = <N extends StateName>(from: StateOf<N>, to: NextState<N>, by: string, reason: string): Event => ({
  type: 'moved',
  from: from.name,
  to,
  by,
  reason,
});

/** The session pauses itself, for that it works. */
export const pauseItself = (
  from: StateOf<'RUNNING'> | StateOf<'RESUMING'>,
  cause: StateOf<'PAUSED'>['cause'],
  reason: string,
  now: number,
): Event => move(from, { name: 'PAUSED', cause, reason, by: CUSTODY, since: now }, CUSTODY, reason);

export const illegal = (session: Session, command: string, where: string): Decision =>
  refuse('ILLEGAL_IN_STATE', `${command} is possible in ${where}, and the session is in ${session.state.name}.`);
