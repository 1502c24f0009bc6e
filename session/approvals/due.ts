import { CUSTODY } from '../../protocol/by.ts';
import type { Approval, ApprovalEnd } from '../../protocol/calls/approvals.ts';
import { giveUp } from '../calls/endings.ts';
import type { OpenCall } from '../calls/state.ts';
import { termsOf } from '../calls/terms.ts';
import type { Event } from '../events.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Session } from '../session.ts';
import { whatIsAsked } from './subject.ts';

/** Ends what was asked for too long, and what is asked for nothing any more. */
export function settleApprovals(session: Session, now: number): readonly Event[] {
  return session.approvals.flatMap((approval): readonly Event[] => {
    if (!isWanted(session, approval)) return [ended(approval, 'withdrawn', 'nobody waits for it any more', now)];
    return approval.expiresAt <= now && approval.kind !== 'review' ? expired(session, approval, now) : [];
  });
}

function expired(session: Session, approval: Approval, now: number): readonly Event[] {
  const { votes, persons, id } = approval;
  const reason = `${votes.length} of ${persons} approved in time`;
  const call = callOf(session, approval);
  const message = `Nobody approved it until it was too late (${id}, ${reason}).`;
  return [
    ended(approval, 'expired', reason, now),
    ...(call ? [giveUp(call, 'refused', { code: 'APPROVAL_EXPIRED', message }, now)] : []),
  ];
}

/** The open call that an approval is for. */
export const callOf = ({ open }: Session, { subject }: Approval): OpenCall | undefined =>
  subject.kind === 'call' ? open.find(({ callId }) => callId === subject.callId) : undefined;

/** Does anything still wait for it? */
export function isWanted({ state, open }: Session, { id, subject }: Approval): boolean {
  if (isEnded(state)) return false;
  if (subject.kind !== 'call') return true;
  return open.some((call) => call.phase === 'awaiting_approval' && call.approval === id);
}

/**
 * What was approved, or is asked, holds for the tools and rules that were shown: where a change of them was accepted,
 * the calls are decided anew.
 */
export function voidApprovals(session: Session, now: number): readonly Event[] {
  return session.approvals.flatMap((approval): readonly Event[] => {
    const { subject } = approval;
    if (subject.kind !== 'call') return [];
    const isRead = subject.toolHash === '';
    const what = [
      ...(isRead || termsOf(session, subject)?.hash === subject.toolHash ? [] : ['the definition of the tool']),
      ...(session.policy?.hash === subject.set ? [] : ['the rules']),
    ];
    if (what.length === 0) return [];
    const reason = `${what.join(' and ')} changed since ${whatIsAsked(subject)} was shown`;
    return [ended(approval, 'void', reason, now)];
  });
}

const ended = (approval: Approval, as: ApprovalEnd, reason: string, at: number): Event => ({
  type: 'approvalEnded',
  approval,
  as,
  by: CUSTODY,
  reason,
  at,
});
