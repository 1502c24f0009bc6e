import type { Decision } from '../decision.ts';
import { accept, move, pauseItself, refuse } from '../decision.ts';
import { openApproval, voteOf } from '../approvals/decide.ts';
import type { CommandOf } from '../commands.ts';
import type { Event } from '../events.ts';
import { CUSTODY } from '../../protocol/by.ts';
import { commanded } from '../lifecycle/commanded.ts';
import type { Session } from '../session.ts';
import { isReview } from './asked.ts';

/**
 * What a person found in a review. It is done once as many have looked as the profile wants, or one objects; an
 * objection in an extra review stops a session that would go on.
 */
export function review(session: Session, command: CommandOf<'review'>, now: number): Decision {
  const { by, finding, verdict } = command;
  const found = openApproval(session, command.review, by, now, 'review');
  if ('ok' in found) return found;
  const vote = { ...voteOf(by, finding, now), verdict };
  if (found.votes.some(({ person }) => person === vote.person))
    return refuse('APPROVAL_TWICE', `${by.actor} has done the review ${found.id} already, and others are to look.`);
  const given: readonly Event[] = [commanded(command), { type: 'approvalGiven', approval: found, vote }];
  const approval = { ...found, votes: [...found.votes, vote] };
  const isObjection = verdict === 'objection';
  if (!isObjection && approval.votes.length < approval.persons) return accept(...given);
  const as = isObjection ? 'rejected' : 'approved';
  const end: Event = { type: 'approvalEnded', approval, as, by: by.actor, reason: finding, at: now };
  const isExtra = isReview(found) && found.subject.review === 'extra';
  const stops =
    isObjection && isExtra ? stop(session, `${by.actor} objects in the review ${found.id}: ${finding}`, now) : [];
  return accept(...given, end, ...stops);
}

/** One that is checked before it goes on stops after that; see `conclude`. */
function stop({ state }: Session, reason: string, now: number): readonly Event[] {
  switch (state.name) {
    case 'RUNNING':
    case 'RESUMING':
      return [pauseItself(state, 'review', reason, now)];
    case 'PAUSED': {
      // What a person has to resume anyhow stays as it is.
      if (state.cause === 'operator' || state.cause === 'incident') return [];
      const to = { name: 'PAUSED', cause: 'review', reason, by: CUSTODY, since: state.since } as const;
      return [move(state, to, CUSTODY, reason)];
    }
    default:
      return [];
  }
}
