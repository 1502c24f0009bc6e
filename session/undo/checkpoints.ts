import type { By } from '../../protocol/by.ts';
import { CHECKPOINT_NAME, START } from '../../protocol/fields.ts';
import type { CommandOf } from '../commands.ts';
import type { Event } from '../events.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Session } from '../session.ts';
import type { Refusal } from '../../protocol/errors.ts';
import { commanded } from '../lifecycle/commanded.ts';
import { takeIn } from '../capacity/room.ts';
import { type Decision, accept, illegal } from '../decision.ts';

/** Names a point to which the session can go back. A call belongs to the side of it on which the call ends. */
export function checkpoint(session: Session, command: CommandOf<'checkpoint'>, now: number): Decision {
  const { name } = session.state;
  if (name !== 'RUNNING' && name !== 'PAUSED' && name !== 'RESUMING')
    return illegal(session, 'checkpoint', 'RUNNING, PAUSED and RESUMING');
  const refusal = problemOf(session, command.name);
  return refusal
    ? { ok: false, refusal }
    : accept(commanded(command), checkpointed(session, command.name, command.by, now));
}

/** What keeps a name from being that of a new checkpoint. */
export function problemOf(session: Session, name: string): Refusal | undefined {
  const { checkpoints } = session;
  if (!CHECKPOINT_NAME.test(name) || name === START)
    return {
      code: 'MALFORMED_COMMAND',
      message: `A checkpoint is named with up to 63 letters, digits, '.', '_' and '-', and not '${START}'.`,
    };
  if (checkpoints.some((each) => each.name === name))
    return { code: 'CHECKPOINT_EXISTS', message: `The session has a checkpoint '${name}' already.` };
  if (checkpoints.length >= LIMITS.checkpoints)
    return {
      code: 'CHECKPOINT_LIMIT',
      message: `The session has ${checkpoints.length} checkpoints, and that is the limit.`,
    };
  const taken = takeIn(session, checkpointed(session, name, { actor: '', reason: '', commandId: '' }, 0));
  return taken.ok ? undefined : taken.refusal;
}

/**
 * @param stepsOn steps of the plan by which it will have gone on when the session goes back: 1 where the plan itself
 * makes the checkpoint
 */
export const checkpointed = (
  { undo, plan, agentState }: Session,
  name: string,
  { actor }: By,
  now: number,
  stepsOn = 0,
): Event => ({
  type: 'checkpointed',
  checkpoint: {
    name,
    at: now,
    by: actor,
    effects: undo.last,
    plan: plan && { cursor: plan.cursor + stepsOn, done: stepsOn > 0 ? [] : plan.done },
    agentState,
  },
});
