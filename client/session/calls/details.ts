import { type Asked, AskedCalls } from '../../../audit/asked.ts';
import type { Entry } from '../../../audit/entry.ts';
import type { Answer } from '../../../protocol/calls/call.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { callQuery } from '../../../workflows/messages.ts';
import type { Context } from '../../context.ts';
import { query } from '../../temporal/query.ts';
import { entriesOf, recordsOf } from '../watch.ts';
import { whole } from './payloads.ts';

/** All that is known of one call. */
export interface CallDetails {
  readonly callId: string;
  /** What was asked first, and when; null where only an answer tells of it. */
  readonly asked: Omit<Asked, 'callId'> | null;
  /** What happened to it, in order, from the history. */
  readonly entries: readonly Entry[];
  /** Null while it has none, and where no worker is there to give it. */
  readonly answer: Answer | null;
}

/**
 * One call from the history of its session, which is read to its end, and its answer.
 *
 * @throws CustodyError CALL_NOT_FOUND, SESSION_NOT_FOUND
 */
export async function callDetails(context: Context, id: string, callId: string): Promise<CallDetails> {
  const entries: Entry[] = [];
  const calls = new AskedCalls();
  for await (const { event, records } of recordsOf(context.client, id, { follow: false })) {
    entries.push(...entriesOf(records).filter((entry) => entry.callId === callId));
    calls.read(event);
  }
  const asked = calls.of(callId);
  if (!asked && entries.length === 0)
    throw new CustodyError('CALL_NOT_FOUND', `The session '${id}' has no call '${callId}'.`);
  const answer = await answerOf(context, id, callId);
  return { callId, asked: asked ? { at: asked.at, args: asked.args } : null, entries, answer };
}

async function answerOf(context: Context, id: string, callId: string): Promise<Answer | null> {
  const reply = await query(context, id, callQuery, callId).catch(() => null);
  return reply?.status === 'answered' ? whole(reply.answer, context.payloads) : null;
}
