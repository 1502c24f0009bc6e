import type { Approval, ApprovableCommand } from '../../protocol/calls/approvals.ts';
import type { By } from '../../protocol/by.ts';
import type { OutsideCommand } from '../../protocol/commands.ts';
import { accept, type Decision } from '../decision.ts';
import type { Event } from '../events.ts';
import { commanded } from '../lifecycle/commanded.ts';
import type { Session } from '../session.ts';
import { ask } from './ask.ts';

/** Obeys a command that may take effect. */
export type Perform = (session: Session, command: ApprovableCommand & { readonly by: By }, now: number) => Decision;

/** A command that would take effect, and that the profile wants others to approve; undefined for any other. */
export function askFirst(session: Session, command: OutsideCommand, now: number): Decision | undefined {
  const wanted = approvable(command);
  const { approvals } = session.governance ?? {};
  const persons = (wanted && approvals?.[wanted.type]) || 0;
  if (!wanted || !approvals || persons === 0) return undefined;
  const { actor, reason, commandId, proven } = command.by;
  const subject = { kind: 'command', command: wanted, reason, commandId } as const;
  const why = `The profile wants ${persons === 1 ? 'another person' : `${persons} others`} to approve it: ${reason}`;
  const requester = { requester: actor, ...(proven ? { proven } : {}) };
  const asked = { kind: wanted.type, subject, why, rules: [], persons, ...requester, expires: approvals.expires };
  const decision = ask(session, asked, now);
  return decision.ok ? accept(commanded(command), ...decision.events) : decision;
}

function approvable(command: OutsideCommand): ApprovableCommand | undefined {
  switch (command.type) {
    case 'extend':
      return { type: 'extend', ms: command.ms };
    case 'rollback':
      return { type: 'rollback', to: command.to };
    case 'resolve':
      return { type: 'resolve', callId: command.callId, as: command.as };
    case 'topUp':
      return { type: 'topUp', microUsd: command.microUsd };
    default:
      return undefined;
  }
}

/** What was approved takes effect, as its requester asked for it; or it is void, as it cannot any more. */
export function performApproved(
  session: Session,
  approval: Approval,
  by: By,
  now: number,
  perform: Perform,
): readonly Event[] {
  const { subject, requester, proven } = approval;
  if (subject.kind !== 'command') return [];
  const { command, reason, commandId } = subject;
  const asked: By = { actor: requester, reason, commandId, ...(proven ? { proven } : {}) };
  const decision = perform(session, { ...command, by: asked }, now);
  const end = { type: 'approvalEnded', approval, by: by.actor, at: now } as const;
  if (decision.ok) return [{ ...end, as: 'approved', reason: by.reason }, ...decision.events];
  const { code, message } = decision.refusal;
  return [{ ...end, as: 'void', reason: `${code}: ${message}` }];
}
