import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import type { Continuation, Form } from '../../protocol/calls/asks.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { isObject, type JsonObject, problemOfJson } from '../../protocol/values/json.ts';
import type { CallQuestion } from './call.ts';
import { excerpt, McpError } from '../error.ts';

/** What Custody says to servers that it can do for them: forms, and nothing else. */
export const CAPABILITIES = { elicitation: { form: {} } };

/**
 * A form that a server asks for in mid-call. Throws what refuses the request: a link to open, or more than a session
 * carries.
 */
export function readForm(key: string, params: unknown): Form {
  const problem = problemOfForm(params);
  if (problem !== undefined)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `This client does not take the request: ${problem}.`);
  const { message, requestedSchema } = params as { message: string; requestedSchema: JsonObject };
  return { key, message, schema: requestedSchema };
}

/**
 * An answer that asks for input. Throws SERVER_ASKS_UNSUPPORTED where it asks for anything but forms.
 *
 * @param exact its text, where `asked` is not all that it says
 */
export function readQuestion(what: string, asked: { readonly [key: string]: unknown }, exact?: string): CallQuestion {
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
    if (method !== 'elicitation/create') throw refuse(`it asks for ${excerpt(String(method), 100)}`);
    const problem = problemOfForm(params);
    if (problem !== undefined) throw refuse(problem);
    const { message, requestedSchema } = params as { message: string; requestedSchema: JsonObject };
    return { key, message, schema: requestedSchema };
  });
  return { forms, ...(requestState === undefined ? {} : { requestState }) };
}

/** The responses as a later attempt carries them. */
export const inputOf = ({ responses, requestState }: Pick<Continuation, 'responses' | 'requestState'>): object => ({
  ...(responses.length > 0
    ? { inputResponses: Object.fromEntries(responses.map(({ key, response }) => [key, response])) }
    : {}),
  ...(requestState === undefined ? {} : { requestState }),
});

function problemOfForm(params: unknown): string | undefined {
  if (!isObject(params) || typeof params.message !== 'string') return 'it has no message';
  if (params.mode !== undefined && params.mode !== 'form')
    return `it asks in mode ${excerpt(String(params.mode), 20)}, and form is the one that there is`;
  if (!isObject(params.requestedSchema)) return 'it has no schema';
  const form = [params.message, params.requestedSchema];
  const bytes = Buffer.byteLength(JSON.stringify(form));
  return bytes > LIMITS.askBytes ? `it has ${bytes} bytes, and ${LIMITS.askBytes} is the limit` : problemOfJson(form);
}
