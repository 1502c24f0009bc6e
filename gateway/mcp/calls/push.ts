import { setTimeout as delay } from 'node:timers/promises';
import type { SessionHandle } from '../../../client/index.ts';
import type { Question } from '../../../protocol/calls/questions.ts';
import type { JsonObject } from '../../../protocol/values/json.ts';
import { asksNow, type Come, digestOfAsks, givenTo, requestOf } from './asks.ts';
import type { StateKeeper } from './turn.ts';

/** A request of the gateway's own, to a client. Its id says by itself, sealed, what it asks and for which call. */
export interface Pushed {
  readonly jsonrpc: '2.0';
  readonly id: string;
  readonly method: string;
  readonly params: JsonObject;
}

/** How a client of an older generation is asked over HTTP, where its answer may come by another process. */
export interface Push {
  readonly keeper: StateKeeper;
  /** Sends it on the stream of the client's request. */
  send(message: Pushed): Promise<void>;
  /** Settles when an answer of the client came by this process. */
  nextAnswer(signal: AbortSignal): Promise<void>;
  /** Calls whose clients are being asked so. */
  readonly asking: Set<string>;
}

/** How often a call that waits for its client's answer is looked at, in milliseconds. */
const LOOK = 1000;

/**
 * The answer of a call whose client is sent what its server asks, each question once, until there is an answer.
 *
 * @param come makes the call, or asks for its answer, unless its server asks
 */
export async function pushed(
  session: SessionHandle,
  callId: string,
  { keeper, send, nextAnswer, asking }: Push,
  come: () => Promise<Come>,
  signal: AbortSignal,
): Promise<Come> {
  const sent = new Set<string>();
  asking.add(callId);
  try {
    for (;;) {
      const reply = await come();
      if ('answer' in reply) return reply;
      const open = digestOfAsks(await asksNow(session, callId));
      for (const question of reply.asks) {
        const digest = digestOfAsks([question]);
        if (!sent.has(digest)) await send(await pushedOf(callId, question, keeper));
        sent.add(digest);
      }
      do {
        const look = new AbortController();
        await Promise.race([nextAnswer(look.signal), delay(LOOK, undefined, { signal })]).finally(() => look.abort());
      } while (open === digestOfAsks(await asksNow(session, callId)));
    }
  } finally {
    asking.delete(callId);
  }
}

/** A question as a request to a client. */
export async function pushedOf(callId: string, question: Question, { seals, subject }: StateKeeper): Promise<Pushed> {
  const asked = digestOfAsks([question]);
  const id = await seals.seal('ask', subject, { callId, key: question.key, asked });
  return { jsonrpc: '2.0', id, ...requestOf(question) };
}

/**
 * Takes the answer of a client to such a request, whichever process sent it.
 *
 * @param outcome its result; undefined for an error
 * @returns whether it was an answer to what this gateway asks that client
 * @throws CustodyError RESPONSE_INVALID where it does not fit what is asked
 */
export async function takeAnswer(
  session: SessionHandle,
  { seals, subject }: StateKeeper,
  id: string,
  outcome: JsonObject | undefined,
): Promise<boolean> {
  const { callId, key, asked } = (await seals.open('ask', subject, id)) ?? {};
  if (typeof callId !== 'string' || typeof key !== 'string') return false;
  const question = (await asksNow(session, callId)).find((each) => each.key === key);
  // Somebody else may have answered it, and the server asked anew.
  if (!question || digestOfAsks([question]) !== asked) return true;
  const isOfUser = !('kind' in question);
  const given = outcome === undefined ? { action: isOfUser ? 'cancel' : 'decline' } : givenTo(question, outcome);
  const reason = isOfUser ? 'the user of the MCP client' : 'the MCP client';
  await session.respond(callId, { [key]: given }, { reason, inPart: true });
  return true;
}
