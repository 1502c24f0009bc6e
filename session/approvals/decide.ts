import type { Approval, Vote } from '../../protocol/calls/approvals.ts';
import type { By } from '../../protocol/by.ts';
import type { Grant } from '../../protocol/calls/policy.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { byteLength, canonical, digestOf } from '../../protocol/values/digest.ts';
import { type JsonObject, problemOfJson } from '../../protocol/values/json.ts';
import { giveUp } from '../calls/endings.ts';
import { backlogFull, digestOfCall, queuedCall } from '../calls/take.ts';
import { passedLimit } from '../capacity/limits.ts';
import { takeIn } from '../capacity/room.ts';
import type { CommandOf } from '../commands.ts';
import { accept, type Decision, refuse } from '../decision.ts';
import type { Event } from '../events.ts';
import { commanded } from '../lifecycle/commanded.ts';
import type { Session } from '../session.ts';
import { type Perform, performApproved } from './commands.ts';
import { callOf, isWanted } from './due.ts';
import { isOfPlan } from '../plan/names.ts';
import { whatIsAsked } from './subject.ts';

/** A person's yes to what was asked; the last that is needed lets it happen. */
export function approve(session: Session, command: CommandOf<'approve'>, now: number, perform: Perform): Decision {
  const { by, digest, args } = command;
  const found = openApproval(session, command.approval, by, now);
  if ('ok' in found) return found;
  if (digest !== found.digest)
    return refuse('APPROVAL_DIFFERS', `The digest of ${found.id} (${whatIsAsked(found.subject)}) is ${found.digest}.`);
  if (args) return edit(session, command, found, args, now);
  const vote = voteOf(by, by.reason, now);
  if (found.votes.some(({ person }) => person === vote.person))
    return refuse('APPROVAL_TWICE', `${by.actor} has approved ${found.id} already.`);
  const given: readonly Event[] = [commanded(command), { type: 'approvalGiven', approval: found, vote }];
  const votes = [...found.votes, vote];
  if (votes.length < found.persons) return accept(...given);
  const approved = { ...found, votes };
  const grant = grantOf(
    approved,
    votes.map(({ actor }) => actor),
  );
  if (!grant) return accept(...given, ...performApproved(session, approved, by, now, perform));
  const end = { type: 'approvalEnded', approval: approved, as: 'approved', by: by.actor, reason: by.reason } as const;
  return accept(...given, { ...end, at: now, grant });
}

/** A person's no. Whoever made the call is told the reason. */
export function reject(session: Session, command: CommandOf<'reject'>, now: number): Decision {
  const { by } = command;
  const approval = openApproval(session, command.approval, by, now);
  if ('ok' in approval) return approval;
  const end: Event = { type: 'approvalEnded', approval, as: 'rejected', by: by.actor, reason: by.reason, at: now };
  return accept(commanded(command), end, ...refusal(session, approval, by, now));
}

/** @param what a review is no approval, nor the other way round, though both are asked in the same way */
export function openApproval(
  session: Session,
  id: string,
  by: By,
  now: number,
  what: 'approval' | 'review' = 'approval',
): Approval | Decision {
  const { endedApprovals } = session;
  const approvals = session.approvals.filter(({ kind }) => (kind === 'review') === (what === 'review'));
  const approval = approvals.find((each) => each.id === id);
  const ended = endedApprovals.find((each) => each.id === id);
  if (!approval && !ended) {
    const open = approvals.map((each) => each.id).join(', ') || 'none';
    const is = session.approvals.some((each) => each.id === id) ? `, as it is ${OTHER[what]}` : '';
    return refuse('APPROVAL_NOT_FOUND', `The session asks no ${what} '${id}'${is}; open are ${open}.`);
  }
  if (!approval)
    return refuse('APPROVAL_ENDED', `The ${what} ${id} was ${ended?.as} by ${ended?.by}: ${ended?.reason}`);
  if (approval.expiresAt <= now && what === 'approval')
    return refuse('APPROVAL_ENDED', `The approval ${id} has expired.`);
  if (!isWanted(session, approval)) return refuse('APPROVAL_ENDED', `Nobody waits for the ${what} ${id} any more.`);
  const isOwn = (own: string | undefined): boolean => own === by.actor || own === personOf(by);
  const subject = whatIsAsked(approval.subject);
  if (isOwn(approval.requester) || isOwn(approval.proven?.person))
    return refuse('APPROVAL_OWN', `${by.actor} ${REQUESTED[what]} ${id} (${subject}), so others decide.`);
  if (what === 'review' && session.drivers.some(isOwn))
    return refuse('APPROVAL_OWN', `${by.actor} did some of what ${id} (${subject}) looks at, so others decide.`);
  return approval;
}

const OTHER = { approval: 'a review', review: 'an approval' } as const;
const REQUESTED = { approval: 'asked for', review: 'started what is looked at in' } as const;

/** What a person says. @param reason or finding */
export const voteOf = (by: By, reason: string, now: number): Vote => ({
  actor: by.actor,
  person: personOf(by),
  ...(by.proven ? { proven: true as const } : {}),
  reason,
  at: now,
});

/** Who is behind an actor: one person under two names or keys is one. What is only claimed is a name. */
const personOf = ({ actor, proven }: By): string => proven?.person ?? actor;

/** @param args digest of the arguments that are approved, where these are not those that were asked about */
function grantOf({ id, subject, expiresAt }: Approval, by: readonly string[], args?: string): Grant | undefined {
  if (subject.kind !== 'call') return undefined;
  const { toolHash, set } = subject;
  return { approval: id, args: args ?? subject.args, toolHash, set, by, expiresAt };
}

function refusal(session: Session, approval: Approval, by: By, now: number): readonly Event[] {
  const call = callOf(session, approval);
  if (!call) return [];
  return [
    giveUp(call, 'refused', { code: 'APPROVAL_REJECTED', message: `${by.actor} rejected it: ${by.reason}` }, now),
  ];
}

/**
 * Approves a call with other arguments: it ends, and the same call with these takes its place, under an id of its own.
 * Where more than one person must approve, the new call asks them all.
 */
function edit(
  session: Session,
  command: CommandOf<'approve'>,
  approval: Approval,
  args: JsonObject,
  now: number,
): Decision {
  const { by } = command;
  const { id, persons } = approval;
  const call = callOf(session, approval);
  if (!call || call.compensates !== undefined || isOfPlan(call.callId) || call.sent)
    return refuse(
      'MALFORMED_COMMAND',
      `${id} is for no call of an agent that was not sent: of no other can the arguments be changed.`,
    );
  const problem =
    problemOfJson(args) ?? (byteLength(canonical(args)) > LIMITS.argumentBytes ? 'they are too large' : undefined);
  if (problem) return refuse('MALFORMED_COMMAND', `The arguments cannot be taken: ${problem}.`);
  const callId = `edit/${id}`;
  const { server, tool, actor, effect, connection, traceparent } = call;
  const traced = traceparent === undefined ? {} : { traceparent };
  const request = { callId, server, tool, args, ...(connection === undefined ? {} : { connection }), ...traced };
  const bytes = byteLength(canonical(args));
  const grant = persons > 1 ? undefined : grantOf(approval, [by.actor], digestOf(args));
  const next = queuedCall(
    { ...request, digest: digestOfCall(request), bytes, effect, actor, ...(grant ? { grant } : {}) },
    now,
  );
  const passed = session.governance && passedLimit(session.counts, session.governance, next);
  if (passed) return { ok: false, refusal: passed };
  const without = { ...session, open: session.open.filter((each) => each !== call) };
  const taken = backlogFull(without, bytes) ?? takeIn(session, { type: 'callAccepted', call: next });
  if (!taken.ok) return taken;
  const instead = `the call '${callId}' is made instead: ${by.reason}`;
  const message = `${by.actor} approved it with other arguments, and ${instead}`;
  return accept(
    commanded(command),
    { type: 'approvalEnded', approval, as: 'edited', by: by.actor, reason: `${callId}: ${by.reason}`, at: now },
    giveUp(call, 'refused', { code: 'APPROVAL_EDITED', message }, now),
    ...taken.events,
  );
}
