import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import type { Continuation } from '../../protocol/calls/asks.ts';
import { type AskKind, askKindOf, type Form, type Question } from '../../protocol/calls/questions.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isObject, type Json, type JsonObject, problemOfJson } from '../../protocol/values/json.ts';
import type { CallQuestion } from './call.ts';
import { clientAskIn } from './clientAsk.ts';
import { excerpt, McpError } from '../error.ts';

/**
 * What a server asks for in mid-call. Throws what refuses the request: a link to open, or more than a session carries.
 */
export function readAsk(kind: AskKind, key: string, params: unknown): Question {
  const question = questionIn(kind, key, params);
  if (typeof question === 'string')
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `This client does not take the request: ${question}.`);
  return question;
}

/** What is asked; or what is wrong with it. */
function questionIn(kind: AskKind, key: string, params: unknown): Question | string {
  if (kind === 'form') return formIn(key, params);
  const asked = clientAskIn(kind, key, params);
  return typeof asked === 'string' ? asked : (problemOfSize(asked.params) ?? asked);
}

/**
 * An answer that asks for input. Throws SERVER_ASKS_UNSUPPORTED where it asks for what its server may not.
 *
 * @param kinds what it may ask
 * @param exact its text, where `asked` is not all that it says
 */
export function readQuestion(
  what: string,
  kinds: readonly AskKind[],
  asked: { readonly [key: string]: unknown },
  exact?: string,
): CallQuestion {
  const refuse = (problem: string): McpError =>
    new McpError(
      'SERVER_ASKS_UNSUPPORTED',
      `The call of ${what} was answered with a request that a session does not take: ${problem}.`,
      { sent: true, answered: true },
    );
  if (exact !== undefined) throw refuse('it holds a number or a text that would not be shown as the server gave it');
  const { inputRequests = {}, requestState } = asked;
  if (!isObject(inputRequests)) throw refuse('its requests are no object');
  if (requestState !== undefined && typeof requestState !== 'string') throw refuse('its state is no text');
  if (Object.keys(inputRequests).length === 0 && requestState === undefined) throw refuse('it asks for nothing');
  const bytes = Buffer.byteLength(JSON.stringify([inputRequests, requestState ?? '']));
  if (bytes > LIMITS.askBytes) throw refuse(`it has ${bytes} bytes, and ${LIMITS.askBytes} is the limit`);
  const unsound = problemOfJson([inputRequests, requestState ?? '']);
  if (unsound !== undefined) throw refuse(unsound);
  const forms = Object.entries(inputRequests).map(([key, request]) => {
    const { method, params } = isObject(request) ? request : {};
    const kind = askKindOf(method);
    if (kind === undefined || !kinds.includes(kind)) throw refuse(`it asks for ${excerpt(String(method), 100)}`);
    const question = questionIn(kind, key, params);
    if (typeof question === 'string') throw refuse(question);
    return question;
  });
  return { forms, ...(requestState === undefined ? {} : { requestState }) };
}

/** The responses as a later attempt carries them. */
export const inputOf = ({ responses, requestState }: Pick<Continuation, 'responses' | 'requestState'>): object => ({
  ...(responses.length > 0
    ? {
        inputResponses: Object.fromEntries(
          responses.map(({ key, response }) => [key, 'result' in response ? response.result : response]),
        ),
      }
    : {}),
  ...(requestState === undefined ? {} : { requestState }),
});

function formIn(key: string, params: unknown): Form | string {
  if (!isObject(params) || typeof params.message !== 'string') return 'it has no message';
  if (params.mode !== undefined && params.mode !== 'form')
    return `it asks in mode ${excerpt(String(params.mode), 20)}, and form is the one that there is`;
  if (!isObject(params.requestedSchema)) return 'it has no schema';
  const { message, requestedSchema } = params as { message: string; requestedSchema: JsonObject };
  return problemOfSize([message, requestedSchema]) ?? { key, message, schema: requestedSchema };
}

function problemOfSize(asked: Json): string | undefined {
  const bytes = Buffer.byteLength(JSON.stringify(asked));
  return bytes > LIMITS.askBytes ? `it has ${bytes} bytes, and ${LIMITS.askBytes} is the limit` : problemOfJson(asked);
}
