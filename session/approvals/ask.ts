import type { Approval } from '../../protocol/calls/approvals.ts';
import type { AttemptOutcome } from '../../protocol/calls/call.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { digestOf } from '../../protocol/values/digest.ts';
import type { Json } from '../../protocol/values/json.ts';
import { giveUp } from '../calls/endings.ts';
import type { RunningCall } from '../calls/state.ts';
import { termsOf } from '../calls/terms.ts';
import { takeIn } from '../capacity/room.ts';
import { type Decision, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';

export type Asked = Pick<Approval, 'kind' | 'subject' | 'why' | 'rules' | 'persons' | 'requester' | 'proven'> & {
  /** Milliseconds. */
  readonly expires: number;
};

/** Asks persons, where there is room for it. */
export function ask(session: Session, asked: Asked, now: number): Decision {
  const { length } = session.approvals;
  if (length >= LIMITS.openApprovals)
    return refuse('BACKLOG_FULL', `${length} approvals are asked, and a session asks ${LIMITS.openApprovals} at once.`);
  return takeIn(session, { type: 'approvalAsked', approval: approvalOf(session, asked, now) });
}

/** What persons are asked next. */
export const approvalOf = (session: Session, { expires, ...asked }: Asked, now: number): Approval => ({
  ...asked,
  id: `a${session.approvalsAsked + 1}`,
  digest: digestOfApproval(session.id, asked.kind, asked.subject),
  openedAt: now,
  expiresAt: now + expires,
  votes: [],
});

/**
 * Binds an approval to its session and to all that was shown: who approves says it. Reasons may hold half characters,
 * which have no digest.
 */
function digestOfApproval(session: string, kind: Approval['kind'], subject: Approval['subject']): string {
  const whole = (_: string, value: unknown): unknown => (typeof value === 'string' ? value.toWellFormed() : value);
  return digestOf(JSON.parse(JSON.stringify({ session, kind, subject }), whole) as Json);
}

/** Rules want persons to approve a call: it waits for them, and nothing was sent. */
export function needsApproval(
  session: Session,
  call: RunningCall,
  { code, message, decision, asks }: Extract<AttemptOutcome, { kind: 'needs_approval' }>,
  now: number,
): readonly Event[] {
  const { callId, server, tool } = call;
  const { digest: args, toolHash, set, persons, expires } = asks;
  if (toolHash !== (termsOf(session, call)?.hash ?? '') || set !== (session.policy?.hash ?? '')) {
    const trouble = { code, message: `${message} The tool or the rules changed meanwhile: it is decided anew.` };
    return [{ type: 'attemptRepeated', callId, trouble, retryAt: 0, spent: false, sent: false }];
  }
  const { state } = session;
  const subject = { kind: 'call', callId, server, tool, args, toolHash, set } as const;
  const requester = call.compensates !== undefined && state.name === 'ROLLBACK' ? state.by : call.actor;
  const rules = decision?.rules ?? [];
  const asked = ask(session, { kind: 'call', subject, why: message, rules, persons, requester, expires }, now);
  if (asked.ok) return asked.events;
  return [
    giveUp(call, 'refused', { code, message: `${message} It cannot be asked: ${asked.refusal.message}`, rules }, now),
  ];
}
