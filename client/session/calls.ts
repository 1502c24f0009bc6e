import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Answer } from '../../protocol/call.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { type CallInput, type CallReply, callQuery, callUpdate } from '../../workflows/messages.ts';
import { persist } from '../temporal/persist.ts';
import { query, queryOnce } from '../temporal/query.ts';
import { withWorker } from '../temporal/withWorker.ts';

/** Back-off while a person thinks, in milliseconds. */
const SLOW = [50, 100, 200, 500, 1000, 2000] as const;
/** While the session continues as new, which takes as long as the longest call under way. */
const CONTINUING = [20, 30, 50, 100, 200, 500] as const;
/** While the backlog of the session is full. */
const BACKLOG = 200;

export interface CallWaiting {
  /** False: a call that must wait is CALL_PARKED at once. */
  readonly wait: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a call and waits for its answer, however long the session is paused (D4). It asks again under the same call id,
 * so that the call runs once whatever happens to this client, to the session's runs, or to Temporal.
 */
export async function makeCall(
  client: Client,
  taskQueue: string,
  sessionId: string,
  input: CallInput,
  { wait, signal }: CallWaiting,
): Promise<Answer> {
  for (;;) {
    signal?.throwIfAborted();
    let reply: CallReply | null = await persist(
      () =>
        withWorker(client, taskQueue, () =>
          client.workflow.getHandle(sessionId).executeUpdate(callUpdate, { args: [input] }),
        ),
      sessionId,
      signal,
    );
    if (reply.status === 'parked' && reply.why !== 'continuing') {
      if (!wait) throw new CustodyError('CALL_PARKED', `The call '${input.callId}' waits: ${reply.why}.`);
      reply = await untilSettled(client, sessionId, input.callId, signal);
    }
    if (reply?.status === 'answered') return reply.answer;
    if (reply?.status === 'refused') {
      if (reply.refusal.code !== 'BACKLOG_FULL') throw new CustodyError(reply.refusal.code, reply.refusal.message);
      await delay(BACKLOG, undefined, { signal });
    } else await untilContinued(client, sessionId, input.callId, signal);
  }
}

/**
 * Waits for the answer of a call that the session knows, without making one.
 *
 * @throws CustodyError CALL_NOT_FOUND where the session knows no such call, ANSWER_EXPIRED
 */
export async function awaitAnswer(
  client: Client,
  taskQueue: string,
  sessionId: string,
  callId: string,
  signal?: AbortSignal,
): Promise<Answer> {
  let reply: CallReply | null = await query(client, taskQueue, sessionId, callQuery, callId);
  while (reply?.status === 'parked') reply = await untilSettled(client, sessionId, callId, signal);
  if (reply === null) throw new CustodyError('CALL_NOT_FOUND', `The session has no call '${callId}'.`);
  if (reply.status === 'refused') throw new CustodyError(reply.refusal.code, reply.refusal.message);
  return reply.answer;
}

/** Asking by update again and again would fill the history of the run that is about to end. */
async function untilContinued(client: Client, sessionId: string, callId: string, signal?: AbortSignal): Promise<void> {
  for (let round = 0; ; round += 1) {
    await delay(CONTINUING[Math.min(round, CONTINUING.length - 1)], undefined, { signal });
    const reply = await ask(client, sessionId, callId, signal);
    if (reply?.status !== 'parked' || reply.why !== 'continuing') return;
  }
}

/** Queries leave nothing in history, so a call may wait for days without filling it. */
async function untilSettled(
  client: Client,
  sessionId: string,
  callId: string,
  signal?: AbortSignal,
): Promise<CallReply | null> {
  for (let round = 0; ; round += 1) {
    await delay(SLOW[Math.min(round, SLOW.length - 1)], undefined, { signal });
    const reply = await ask(client, sessionId, callId, signal);
    if (reply === null || reply.status !== 'parked' || reply.why === 'continuing') return reply;
  }
}

const ask = (client: Client, sessionId: string, callId: string, signal?: AbortSignal): Promise<CallReply | null> =>
  persist(() => queryOnce(client, client.workflow.getHandle(sessionId), callQuery, callId), sessionId, signal);
