import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type InputRequiredResult,
  MissingRequiredClientCapabilityError,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { SessionHandle } from '../../../client/index.ts';
import { ASK_KINDS, ASK_METHODS, type AskKind, kindOf, type Question } from '../../../protocol/calls/questions.ts';
import type { Answer } from '../../../protocol/calls/call.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { digestOf } from '../../../protocol/values/digest.ts';
import { isObject, type Json, type JsonObject } from '../../../protocol/values/json.ts';

/** Kinds of questions that a client answers. */
export type Takes = ReadonlySet<AskKind>;

/** What a client can be asked, by the capabilities that it declares. */
export const takenBy = (capabilities: unknown): Takes => {
  const { elicitation, ...rest } = isObject(capabilities) ? capabilities : {};
  const isTaken = (kind: AskKind): boolean =>
    kind === 'form'
      ? isObject(elicitation) && (Object.keys(elicitation).length === 0 || 'form' in elicitation)
      : isObject(rest[kind]);
  return new Set(ASK_KINDS.filter(isTaken));
};

/** The same of the client of a request, that may have said it before. */
export function takes({ mcpReq }: ServerContext, declared: object | undefined): Takes {
  const claimed = (mcpReq.envelope as { readonly [key: string]: unknown } | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  return takenBy(claimed ?? declared);
}

/** What a call came to: its answer, or questions that its client answers. */
export type Come<T = Answer> = { readonly answer: T } | { readonly asks: readonly Question[] };

/** What of an open call is asked at the moment. */
export const asksNow = async (session: SessionHandle, callId: string): Promise<readonly Question[]> =>
  (await session.describe()).openCalls.find((each) => each.callId === callId)?.asks ?? [];

/**
 * The answer of a call, or what its server asks of its client before it goes on. What the client does not take is left
 * to people.
 *
 * @param make makes the call, or asks for its answer, and fails with CALL_PARKED where its server asks and it shall not
 *   wait
 * @throws ProtocolError -32021 where a client of revision 2026-07-28 would have to answer what it did not declare
 */
export async function answerOrAsks(
  session: SessionHandle,
  callId: string,
  { isModern, takes: kinds }: { readonly isModern: boolean; readonly takes: Takes },
  make: (wait: 'unless-asked' | true) => Promise<Answer>,
): Promise<Come> {
  for (;;) {
    const answer = await make('unless-asked').catch((error: unknown) => {
      if (!(error instanceof CustodyError) || error.code !== 'CALL_PARKED') throw error;
    });
    if (answer) return { answer };
    const open = await asksNow(session, callId);
    const asks = open.filter((question) => kinds.has(kindOf(question)));
    if (asks.length > 0) return { asks };
    const missing = open.find((question) => kindOf(question) !== 'form');
    if (missing && isModern) throw missingCapability(callId, kindOf(missing));
    if (open.length > 0) return { answer: await make(true) };
  }
}

/** A client is not asked for what it did not say that it does; the call waits for somebody who does. */
const missingCapability = (callId: string, kind: AskKind): Error =>
  new MissingRequiredClientCapabilityError(
    { requiredCapabilities: { [kind]: {} } },
    `The server asks the client for ${ASK_METHODS[kind]}, which it does not declare. The call '${callId}' waits.`,
  );

/** Tells one set of questions from another. */
export const digestOfAsks = (asks: readonly Question[]): string => digestOf(asks as unknown as Json);

/** A question as a client is asked it. */
export const requestOf = (question: Question): { readonly method: string; readonly params: JsonObject } => ({
  method: ASK_METHODS[kindOf(question)],
  params: 'kind' in question ? question.params : { message: question.message, requestedSchema: question.schema },
});

/**
 * Has the client answer what is asked. Over stdio the SDK sends a client of an older generation requests for it, and
 * this request comes again with their answers all the same.
 */
export const askClient = (asks: readonly Question[], requestState: string): InputRequiredResult =>
  inputRequired({
    inputRequests: Object.fromEntries(asks.map((question) => [question.key, requestOf(question)])) as never,
    requestState,
  });

/** What a client answered to a question, as a session takes it. */
export const givenTo = (question: Question, response: JsonObject): JsonObject =>
  'kind' in question ? response : spokenIn(response);

const spokenIn = ({ action, content }: JsonObject): JsonObject =>
  action === 'accept'
    ? { action, content: (isObject(content) ? content : {}) as JsonObject }
    : { action: action === 'decline' ? 'decline' : 'cancel' };

/**
 * Passes on what the client answered, on record. A call that does not wait for it any more goes on without.
 *
 * @returns whether any of it answers what is asked
 * @throws CustodyError RESPONSE_INVALID
 */
export async function passOn(
  session: SessionHandle,
  callId: string,
  asks: readonly Question[],
  responses: { readonly [key: string]: unknown },
): Promise<boolean> {
  const given = asks.flatMap((question) => {
    const response = Object.hasOwn(responses, question.key) ? responses[question.key] : undefined;
    return isObject(response) ? [[question.key, givenTo(question, response as JsonObject)] as const] : [];
  });
  if (given.length === 0) return false;
  const isOfUser = asks.every((question) => kindOf(question) === 'form');
  const options = { reason: isOfUser ? 'the user of the MCP client' : 'the MCP client', inPart: true };
  await session.respond(callId, Object.fromEntries(given), options).catch((error: unknown) => {
    if (!(error instanceof CustodyError) || error.code !== 'CALL_NOT_ASKING') throw error;
  });
  return true;
}
