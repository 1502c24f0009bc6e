import type { FoundBefore } from '../../protocol/calls/asked.ts';
import { AskedApprovals } from '../../audit/askedApproval.ts';
import type { ApprovalSubject } from '../../protocol/calls/approvals.ts';
import type { Effect } from '../../protocol/calls/call.ts';
import type { PolicyDocument } from '../../protocol/calls/policy.ts';
import { CustodyError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import type { Ref } from '../../protocol/values/payload.ts';
import type { ApprovalView } from '../../protocol/view.ts';
import type { Context } from '../context.ts';
import { describeSession } from '../session/describe.ts';
import { previewRollback, type RollbackPreview } from '../session/preview.ts';
import { recordsOf, watchSession } from '../session/watch.ts';
import type { SessionApproval } from './all.ts';

/** All that is known of what persons are asked: what they should look at before they decide. */
export interface ApprovalDetails extends SessionApproval {
  /** Of a call, from the history; null where that is gone, and of what is no call. */
  readonly call: CallInQuestion | null;
  /** The rules that it is bound to, in full; null where the history or the payload store does not have them. */
  readonly policy: PolicyDocument | null;
  /** Of a rollback: what it would undo, as of now. */
  readonly rollback: RollbackPreview | null;
}

export interface CallInQuestion {
  /** All of them; a reference where they are in a payload store that this client does not have. */
  readonly args: JsonObject | { readonly ref: Ref };
  readonly effect: Effect;
  /** What the server says that the tool does, the beginning of it; its words, not to be trusted. */
  readonly description: string | null;
  /** Of a tool that is undone by what stood there before: what stood there when persons were asked. */
  readonly before: BeforeView | null;
}

export type BeforeView =
  (FoundBefore & { readonly exists: boolean; readonly at: string }) | { readonly problem: string; readonly at: string };

/**
 * Reads the history of the session to its end.
 *
 * @throws CustodyError APPROVAL_ENDED with how it ended, APPROVAL_NOT_FOUND, SESSION_NOT_FOUND
 */
export async function approvalDetails(context: Context, session: string, id: string): Promise<ApprovalDetails> {
  const { approvals } = await describeSession(context, session);
  const approval = approvals.find((each) => each.id === id);
  if (!approval) throw await notAsked(context, session, id, approvals);
  const { subject } = approval;
  const rollback = await previewOf(context, session, subject);
  const { call, policy } =
    subject.kind === 'call' ? await callOf(context, session, approval, subject) : { call: null, policy: null };
  return { ...approval, session, call, policy, rollback };
}

async function notAsked(
  { client }: Context,
  session: string,
  id: string,
  open: readonly ApprovalView[],
): Promise<CustodyError> {
  let ended: string | undefined;
  for await (const { kind, text, by, at } of watchSession(client, session, { follow: false }))
    if (kind === 'approval-ended' && text.startsWith(`${id} `)) ended = `${text}, by ${by ?? 'nobody'} at ${at}`;
  if (ended !== undefined) return new CustodyError('APPROVAL_ENDED', `The approval ${ended}.`);
  const names = open.map((each) => each.id).join(', ') || 'none';
  return new CustodyError(
    'APPROVAL_NOT_FOUND',
    `The session '${session}' asks no approval '${id}'; open are ${names}.`,
  );
}

async function previewOf(
  context: Context,
  session: string,
  subject: ApprovalSubject,
): Promise<ApprovalDetails['rollback']> {
  if (subject.kind === 'call' || subject.command.type !== 'rollback') return null;
  return previewRollback(context, session, subject.command.to).catch(() => null);
}

async function callOf(
  { client, payloads }: Context,
  session: string,
  { openedAt }: ApprovalView,
  { callId, set }: Extract<ApprovalSubject, { kind: 'call' }>,
): Promise<Pick<ApprovalDetails, 'call' | 'policy'>> {
  const found = new AskedApprovals(callId);
  for await (const { event } of recordsOf(client, session, { follow: false })) found.read(event);
  const rules = found.rules(set);
  const fetched = async <T>(ref: Ref): Promise<T | undefined> =>
    (await payloads.get(ref).catch(() => undefined)) as T | undefined;
  const policy = rules && ('ref' in rules ? await fetched<PolicyDocument>(rules.ref) : rules.document);
  if (!found.last) return { call: null, policy: policy ?? null };
  const { intent, asks } = found.last;
  const { argsRef, effect } = intent;
  const args = argsRef ? ((await fetched<JsonObject>(argsRef)) ?? { ref: argsRef }) : intent.args;
  const { description = null, before } = asks;
  return { call: { args, effect, description, before: await seen() }, policy: policy ?? null };

  async function seen(): Promise<BeforeView | null> {
    if (!before) return null;
    if ('problem' in before) return { problem: before.problem, at: openedAt };
    const image = 'found' in before ? before.found : await fetched<FoundBefore>(before.ref);
    if (image) return { exists: before.exists, at: openedAt, ...image };
    return { problem: 'It is in a payload store that this client does not have.', at: openedAt };
  }
}
