import { randomUUID } from 'node:crypto';
import type { Answer } from '../../../protocol/calls/call.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { traceparentIn } from '../../../protocol/values/traceparent.ts';
import type { CallReply } from '../../../protocol/replies.ts';
import { callersTraceparent } from '../../../telemetry/caller.ts';
import { callQuery } from '../../../workflows/messages.ts';
import type { Context } from '../../context.ts';
import { sleep } from '../../temporal/sleep.ts';
import { persist } from '../../temporal/persist.ts';
import { query, queryOnce } from '../../temporal/query.ts';
import { endedView } from '../describe.ts';
import { askSession } from './ask.ts';
import { type Hear, hearsOf, Listening } from './hear.ts';
import { outlined, whole } from './payloads.ts';
import type { Subject } from './subject.ts';

/** How long a call that meets a full backlog waits before it is asked for again, in milliseconds. */
const BACKLOG = 200;

type Parked = Extract<CallReply, { status: 'parked' }>;
type Settled = Exclude<CallReply, Parked>;

export interface CallOptions {
  /** Repeats of one id are one call with one effect. Random by default. */
  readonly callId?: string | undefined;
  /**
   * Wait for the answer while the session is paused, the call is in doubt or its server asks something (default).
   * False: a call that must wait is CALL_PARKED at once. `unless-asked`: it is once its server asks.
   */
  readonly wait?: boolean | 'unless-asked' | undefined;
  /**
   * A name of the caller's own, another one each time that it starts: a repeat of what it called before it started
   * again is then answered with REPEATS_EARLIER, see `session.askRepeats`.
   */
  readonly connection?: string | undefined;
  /** It is meant to happen once more. */
  readonly again?: boolean | undefined;
  /**
   * W3C trace context under which its attempts stand: by default that of the active span of OpenTelemetry, else
   * TRACEPARENT of the environment. It tells no call from another.
   */
  readonly traceparent?: string | undefined;
  /** What is to be heard of the server while the call runs; nothing by default. */
  readonly hear?: Hear | undefined;
  /** Stops waiting, with its reason (an `AbortError` by default) as the error. The call goes on in the session. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes a call and waits for its answer, however long the session is paused. It asks again under the same call id, so
 * that the call runs once whatever happens to this client, to the session's runs, or to Temporal.
 */
export async function makeCall(
  context: Context,
  sessionId: string,
  subject: Subject,
  args: JsonObject,
  { callId = randomUUID(), wait = true, connection, again, traceparent, hear, signal }: CallOptions,
): Promise<Answer> {
  const trace = traceparentIn(traceparent) ?? callersTraceparent();
  const { actor, payloads } = context;
  const call = {
    actor,
    callId,
    ...subject,
    ...(await outlined(args, payloads)),
    ...(connection === undefined ? {} : { connection }),
    ...(again ? { again } : {}),
  };
  const asking = { traceparent: trace, hears: hear && hearsOf(hear), signal };
  return heard(context, sessionId, callId, hear, async () => {
    for (let isFirst = true; ; isFirst = false) {
      signal?.throwIfAborted();
      const reply = await askSession(context, sessionId, call, { isFirst, ...asking });
      if (reply?.status === 'refused' && reply.refusal.code === 'BACKLOG_FULL') {
        await sleep(BACKLOG, signal);
        continue;
      }
      const settled = reply?.status === 'parked' ? await untilSettled(context, sessionId, callId, wait, signal) : reply;
      if (settled) return settled;
    }
  });
}

/** Waits for a call, and tells meanwhile and at last what its server says, where somebody wants to hear it. */
async function heard(
  { murmurs, payloads }: Context,
  sessionId: string,
  callId: string,
  hear: Hear | undefined,
  work: () => Promise<Settled>,
): Promise<Answer> {
  if (!hear) return whole(answerIn(await work()), payloads);
  const listening = new Listening(callId, hear);
  const stop = murmurs.listen(sessionId, listening);
  try {
    const settled = await work();
    if (settled.status === 'answered' && settled.said) listening.heard(settled.said);
    return await whole(answerIn(settled), payloads);
  } finally {
    stop();
  }
}

/**
 * Waits for the answer of a call that the session knows, without making one.
 *
 * @throws CustodyError CALL_NOT_FOUND where the session knows no such call, ANSWER_EXPIRED
 */
export async function awaitAnswer(
  context: Context,
  sessionId: string,
  callId: string,
  { signal, hear }: Pick<CallOptions, 'signal' | 'hear'> = {},
): Promise<Answer> {
  return heard(context, sessionId, callId, hear, async () => {
    const reply = await query({ ...context, signal }, sessionId, callQuery, callId);
    const settled = reply?.status === 'parked' ? await untilSettled(context, sessionId, callId, true, signal) : reply;
    if (settled === null) throw new CustodyError('CALL_NOT_FOUND', `The session has no call '${callId}'.`);
    return settled;
  });
}

function answerIn(reply: Settled): Answer {
  if (reply.status === 'answered') return reply.answer;
  throw new CustodyError(reply.refusal.code, reply.refusal.message);
}

/**
 * Waits until a call that was taken has its answer: asks the session, by query, whenever its history says that there
 * may be one. Null where the session does not know the call.
 *
 * @throws CustodyError CALL_PARKED, SESSION_LOST
 */
async function untilSettled(
  { client, ears }: Context,
  sessionId: string,
  callId: string,
  wait: NonNullable<CallOptions['wait']>,
  signal?: AbortSignal,
): Promise<Settled | null> {
  const handle = client.workflow.getHandle(sessionId);
  const abort = { connection: client.connection, signal };
  const news = ears.listen(sessionId, callId);
  try {
    for (let isOver = false; ;) {
      const ask = () => queryOnce(client, handle, callQuery, callId);
      const reply = await persist(ask, sessionId, abort, { awaitsWorker: true });
      if (reply?.status !== 'parked') return reply;
      if (mustPark(reply, wait)) throw new CustodyError('CALL_PARKED', `The call '${callId}' waits: ${reply.why}.`);
      if (isOver) {
        await endedView(client, await persist(() => handle.describe(), sessionId, abort));
        throw new CustodyError('SESSION_ENDED', `The session '${sessionId}' ended without an answer to '${callId}'.`);
      }
      isOver = await news.next(signal);
    }
  } finally {
    news.end();
  }
}

/** What passes by itself is waited for in any case: a call under way, the next run. */
function mustPark({ why }: Parked, wait: NonNullable<CallOptions['wait']>): boolean {
  if (why === 'running' || why === 'continuing') return false;
  return wait === 'unless-asked' ? why === 'awaiting_input' : !wait;
}
