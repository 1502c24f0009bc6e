import { ProtocolErrorCode } from '@modelcontextprotocol/server';
import { alteredNumberIn, depthOf } from '../../protocol/values/numbers/exact.ts';
import { isObject } from '../../protocol/values/json.ts';
import { partsOf } from '../../protocol/values/parts.ts';
import { ALTERED_NUMBER } from './calls/alteredNumber.ts';
import { faultOfNotification, faultOfRequest, faultOfResponse, isRequest } from './requests.ts';

/** What becomes of a message of a client: the SDK reads it, the client is answered at once, or nothing but a remark. */
export type Taken = { readonly pass: string } | { readonly reply: string } | { readonly drop: string };

/** Levels of a message beyond which nobody reads it: what recurs over it would run out of stack. */
const MAX_LEVELS = 500;
/** A text or a number, as it stands in JSON. */
const IS_ID = /^["\d-]/;

/** Each request in a line gets one response, whatever it is. @param line without its newline */
export function takeIn(line: string): readonly Taken[] {
  const text = line.replace(/^\uFEFF/, '').trim();
  if (text === '') return [];
  try {
    return take(text, JSON.parse(text));
  } catch (error) {
    return [refusal('null', ProtocolErrorCode.ParseError, `The line is no JSON: ${(error as Error).message}`)];
  }
}

function take(text: string, message: unknown): readonly Taken[] {
  if (depthOf(text) > MAX_LEVELS)
    return [refusal(idIn(text), ProtocolErrorCode.InvalidRequest, `It is nested deeper than ${MAX_LEVELS} levels.`)];
  if (Array.isArray(message)) return takeBatch(text, message);
  if (!isObject(message))
    return [refusal('null', ProtocolErrorCode.InvalidRequest, 'A message of the protocol is a JSON object.')];
  if ('result' in message || 'error' in message) return [takeResponse(text, message)];
  if (isRequest(message) || !('method' in message)) return [takeRequest(text, message)];
  const fault = faultOfNotification(message);
  return [fault === undefined ? { pass: framed(text) } : { drop: `A notification cannot be read: ${fault}.` }];
}

/** Revision 2025-03-26 alone had batches. */
function takeBatch(text: string, messages: readonly unknown[]): readonly Taken[] {
  const ids = partsOf(text).flatMap((part, index) => (isRequest(messages[index]) ? [idIn(part.text)] : []));
  return (ids.length > 0 ? ids : ['null']).map((id) =>
    refusal(id, ProtocolErrorCode.InvalidRequest, 'Messages are taken one by one, not as a list.'),
  );
}

function takeRequest(text: string, message: Record<string, unknown>): Taken {
  const fault = faultOfRequest(message);
  if (fault !== undefined) {
    const code = fault.isInParams ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InvalidRequest;
    return refusal(idIn(text), code, `The request cannot be read: ${fault.problem}.`);
  }
  const altered = message['method'] === 'tools/call' ? alteredNumberIn(text) : undefined;
  if (altered === undefined) return { pass: framed(text) };
  // The call will not be made, so nothing else of it is of use.
  const { name, _meta: meta } = message['params'] as Record<string, unknown>;
  const params = { name, _meta: { ...(meta as object | undefined), [ALTERED_NUMBER]: altered.slice(0, 100) } };
  return { pass: framed(JSON.stringify({ ...message, params })) };
}

/** Who waits for a response that cannot be read is told so, where it can be told who that is. */
function takeResponse(given: string, { error, ...rest }: Record<string, unknown>): Taken {
  // Many say "error": null beside a result.
  const message = error === null && 'result' in rest ? rest : { ...rest, ...(error === undefined ? {} : { error }) };
  const text = framed(given, Object.keys(message));
  const altered = alteredNumberIn(text);
  const fault =
    faultOfResponse(message) ??
    (altered === undefined ? undefined : `its number ${altered.slice(0, 100)} would not keep its digits`);
  if (fault === undefined) return { pass: text };
  const { id } = message;
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return { drop: `A response cannot be read: ${fault}.` };
  return { pass: errorText(JSON.stringify(id), ProtocolErrorCode.InvalidRequest, `It cannot be read: ${fault}.`) };
}

const FRAME = ['jsonrpc', 'id', 'method', 'params', 'result', 'error'];

/** A message of the members that JSON-RPC knows, each as it stands there: the SDK takes one with others for none. */
function framed(text: string, names: readonly string[] = FRAME): string {
  const isKnown = (name = ''): boolean => FRAME.includes(name) && names.includes(name);
  const parts = partsOf(text);
  if (parts.every(({ name }) => isKnown(name))) return text;
  return `{${parts.flatMap((part) => (isKnown(part.name) ? [`"${part.name}":${part.text}`] : [])).join(',')}}`;
}

const refusal = (id: string, code: ProtocolErrorCode, message: string): Taken => ({
  reply: errorText(id, code, message),
});

/** @param id as it stands in JSON */
export const errorText = (id: string, code: ProtocolErrorCode, message: string): string =>
  `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`;

/** The id of a message as it stands there, with its digits; null where it has none that a response may carry. */
function idIn(text: string): string {
  const id = partsOf(text).findLast(({ name }) => name === 'id')?.text;
  return id !== undefined && IS_ID.test(id) ? id : 'null';
}
