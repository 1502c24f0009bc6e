import {
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type InputRequiredResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { SessionHandle } from '../../../client/index.ts';
import type { Form } from '../../../protocol/calls/asks.ts';
import type { Answer } from '../../../protocol/calls/call.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { isObject, type JsonObject } from '../../../protocol/values/json.ts';
import { nextState, type Turn } from './turn.ts';

/** Can a client's user be asked to fill in a form? */
export function takesForms(
  { mcpReq }: ServerContext,
  declared: { readonly elicitation?: object | undefined } | undefined,
): boolean {
  const claimed = (mcpReq.envelope as { readonly [key: string]: unknown } | undefined)?.[CLIENT_CAPABILITIES_META_KEY];
  const { elicitation } = isObject(claimed) ? claimed : (declared ?? {});
  return isObject(elicitation) && (Object.keys(elicitation).length === 0 || 'form' in elicitation);
}

/**
 * The answer of a call, or the forms that its server wants filled in before it goes on.
 *
 * @param make makes the call, or asks for its answer, and fails with CALL_PARKED where its server asks
 */
export async function answerOrForms(
  session: SessionHandle,
  callId: string,
  make: () => Promise<Answer>,
): Promise<Answer | { readonly forms: readonly Form[] }> {
  for (;;) {
    const answer = await make().catch((error: unknown) => {
      if (!(error instanceof CustodyError) || error.code !== 'CALL_PARKED') throw error;
    });
    if (answer) return answer;
    const call = (await session.describe()).openCalls.find((each) => each.callId === callId);
    if (call?.asks) return { forms: call.asks };
  }
}

/**
 * Has the client ask its user. A client of an older generation is sent requests for it, and this request comes again
 * with their answers all the same.
 */
export const askUser = (turn: Turn, forms: readonly Form[]): InputRequiredResult =>
  inputRequired({
    inputRequests: Object.fromEntries(
      forms.map(({ key, message, schema }) => [
        key,
        inputRequired.elicit({ message, requestedSchema: schema as never }),
      ]),
    ),
    requestState: nextState(turn),
  });

/**
 * Passes on what the client's user said to the forms of the turn before. A call that does not wait for it any more goes
 * on without.
 */
export async function passOn(session: SessionHandle, { callId }: Turn, { mcpReq }: ServerContext): Promise<void> {
  const entries = Object.entries(mcpReq.inputResponses ?? {}).flatMap(([key, response]) =>
    isObject(response) ? [[key, spokenIn(response)] as const] : [],
  );
  const [only] = entries;
  if (!only) return;
  const given: JsonObject = entries.length === 1 ? only[1] : Object.fromEntries(entries);
  await session.respond(callId, given, { reason: 'the user of the MCP client' }).catch((error: unknown) => {
    if (!(error instanceof CustodyError) || error.code !== 'CALL_NOT_ASKING') throw error;
  });
}

const spokenIn = ({ action, content }: Record<string, unknown>): JsonObject =>
  action === 'accept'
    ? { action, content: (isObject(content) ? content : {}) as JsonObject }
    : { action: action === 'decline' ? 'decline' : 'cancel' };
