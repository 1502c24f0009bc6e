import type { StandardSchemaV1 } from '@modelcontextprotocol/client';
import type { RpcError } from '../../protocol/errors.ts';
import { alteredNumberIn, carry } from '../../protocol/values/numbers/exact.ts';
import { isObject, type Json, type JsonObject, problemOfJson } from '../../protocol/values/json.ts';
import type { RawAnswer, ToolAnswer } from './call.ts';
import { excerpt, McpError } from '../error.ts';
import { partsOf } from '../../protocol/values/parts.ts';
import { RpcResponse, settlementIn } from './settlement.ts';

/** JSON-RPC 2.0, 5.1: for an error that does not say which it is. */
const INTERNAL_ERROR = -32603;

/** The schema that the SDK asks for, and does not come to use: results go past it. */
export const AS_SENT: StandardSchemaV1 = {
  '~standard': { version: 1, vendor: 'custody', validate: (value) => ({ value }) },
};

export interface Result {
  /** As `JSON.parse` has it. */
  readonly parsed: unknown;
  /** As it can be carried. */
  readonly value: Json;
  /** Its text, where `value` is not all that the text says. */
  readonly exact?: string;
}

/**
 * Makes a request through the SDK and reads the response past it.
 *
 * @param send rejects with what the transport settled the request by
 * @param what names the request in messages
 * @throws McpError SERVER_REFUSED for an error, RESULT_TOO_LARGE, SERVER_PROTOCOL_ERROR; and what `send` throws
 */
export async function exchange(what: string, send: () => Promise<unknown>, maxBytes = Infinity): Promise<Result> {
  const response = await send().then(
    () => undefined,
    (error: unknown) => {
      const settlement = settlementIn(error);
      if (settlement instanceof RpcResponse) return settlement;
      throw settlement ?? error;
    },
  );
  if (response === undefined) throw new Error('A transport let the response to a call go to the SDK.');
  return resultOf(what, response, maxBytes);
}

/** A server that says `"error": null` beside a result means the result. */
function resultOf(what: string, { text, message }: RpcResponse, maxBytes: number): Result {
  const { error } = message;
  if (error !== undefined && error !== null) throw refused(what, error);
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes)
    throw new McpError(
      'RESULT_TOO_LARGE',
      `The answer to the call of ${what} has ${bytes} bytes; ${maxBytes} is the limit.`,
      { sent: true, answered: true },
    );
  // A response without a result, as `undefined` becomes in JSON, is one all the same: it is kept as it came.
  const { result: parsed = message } = message;
  if (alteredNumberIn(text) === undefined && problemOfJson(parsed) === undefined)
    return { parsed, value: parsed as Json };
  // Of two members of one name the last one counts, as in `JSON.parse`.
  return { parsed, ...carry(partsOf(text).findLast(({ name }) => name === 'result')?.text ?? text) };
}

function refused(what: string, error: unknown): McpError {
  const { code, message } = isObject(error) ? error : { code: undefined, message: error };
  const rpc: RpcError = {
    code: typeof code === 'number' && Number.isSafeInteger(code) ? code : INTERNAL_ERROR,
    message: typeof message === 'string' ? excerpt(message) : 'it does not say which',
  };
  return new McpError('SERVER_REFUSED', `The call of ${what} was answered with error ${rpc.code}: ${rpc.message}`, {
    sent: true,
    answered: true,
    rpc,
  });
}

/**
 * What a tool answered. A result without a list of content is no result of a tool call, and the answer to one
 * nevertheless: it is kept as it came. Optional members that are null are absent.
 */
export function toolAnswer({ parsed, value, exact }: Result): ToolAnswer {
  const isError = isObject(parsed) && parsed['isError'] === true;
  const kept = exact === undefined ? {} : { exact };
  if (!isObject(value)) return { isError, raw: value, ...kept };
  const { structuredContent, content: said } = value as JsonObject;
  const content = said ?? (isNullish(structuredContent) ? undefined : []);
  if (!Array.isArray(content)) return { isError, raw: value as JsonObject, ...kept };
  return {
    isError,
    content,
    ...(isNullish(structuredContent) ? {} : { structuredContent }),
    ...moreOf(value as JsonObject),
    ...kept,
  };
}

/** What a result says beside its content, but for what it says of the exchange: see `RESERVED`. */
function moreOf(result: JsonObject): { readonly more?: JsonObject } {
  const more = Object.entries(result).flatMap(([name, member]): [string, Json][] => {
    if (isNullish(member) || name === 'content' || name === 'structuredContent') return [];
    if ((name === 'isError' && typeof member === 'boolean') || (name === 'resultType' && member === 'complete'))
      return [];
    if (name !== '_meta' || !isObject(member)) return [[name, member]];
    const all = Object.entries(member as JsonObject);
    const meta = all.filter(([key]) => !key.startsWith(RESERVED));
    return meta.length > 0 || all.length === 0 ? [[name, Object.fromEntries(meta)]] : [];
  });
  return more.length > 0 ? { more: Object.fromEntries(more) } : {};
}

/** What a server says of itself and of the exchange with the worker, since revision 2026-07-28, on every result. */
const RESERVED = 'io.modelcontextprotocol/';

const isNullish = (value: unknown): value is null | undefined => value === null || value === undefined;

/** The result of any other request. */
export const rawAnswer = ({ value, exact }: Result): RawAnswer => ({
  isError: false,
  raw: value,
  ...(exact === undefined ? {} : { exact }),
});
