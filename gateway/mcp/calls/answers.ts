import {
  type CallToolResult,
  isSpecType,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
} from '@modelcontextprotocol/server';
import type { Answer, ReadMethod } from '../../../protocol/calls/call.ts';
import type { ToolResult } from '../../../protocol/calls/result.ts';
import { CustodyError, type ErrorCode, ERRORS, type Refusal } from '../../../protocol/errors.ts';
import { isObject, withoutNulls } from '../../../protocol/values/json.ts';
import { ADVICE, waitFor } from './advice.ts';
import { CALL_ID } from './callId.ts';

/** The name in `_meta` under which a result says with which code of docs/errors.md a call was not done. */
export const CODE = 'io.custody/code';
/** The same for the ids of the rules that denied a call, or wanted it approved. */
export const RULES = 'io.custody/rules';

/** The name in `_meta` under which a result that is no result of a tool is there to the letter, see `carry`. */
const EXACT = 'io.custody/exact';
/** Levels of a result in which members that are null are absent. */
const LEVELS = 4;
/** UTF-16 code units of an answer that is quoted, as it is none. */
const SAID = 1000;

/**
 * The answer to a tool call as an MCP client gets it. What the tool said stays as it is; a call that was refused or
 * failed is a result with `isError`, in words, so that a model can read what to do.
 *
 * @param declaresOutput whether the tool declares an output schema: clients then refuse a result without structured
 * content, unless it is an error
 */
export function toResult(answer: Answer, declaresOutput: boolean): CallToolResult {
  const { callId, outcome, result, error, resolved } = answer;
  if (error) return inWords(callId, error);
  if (result && ('content' in result || 'raw' in result)) {
    const readable = toReadable(result);
    const lacksOutput = declaresOutput && 'raw' in result;
    return marked(callId, { ...readable, isError: outcome === 'tool_error' || lacksOutput });
  }
  const text = result
    ? tooLarge(result)
    : `The call ${outcome === 'succeeded' ? 'succeeded' : 'failed'}, says ${resolved?.actor ?? 'somebody'}: ` +
      `${resolved?.reason ?? ''}. Its result is not known.`;
  return marked(callId, { content: [{ type: 'text', text }], isError: declaresOutput || outcome !== 'succeeded' });
}

/**
 * A result as a client can take it: what is no content of MCP becomes text, and so does, beside it, a result that its
 * JSON value does not say all of.
 */
function toReadable(result: Extract<ToolResult, { content: unknown } | { raw: unknown }>): CallToolResult {
  const exact = result.exact === undefined ? [] : [asText(`The result to the letter:\n${result.exact}`)];
  if ('raw' in result) return { content: exact.length > 0 ? exact : [asText(JSON.stringify(result.raw))] };
  const { content, structuredContent, more } = result;
  const meta = more?.['_meta'];
  const items = Array.isArray(content) ? (content as readonly unknown[]) : [content];
  return {
    content: [...items.map((item) => (isContent(item) ? item : asText(JSON.stringify(item)))), ...exact],
    ...(structuredContent === undefined || structuredContent === null ? {} : { structuredContent }),
    ...(isObject(meta) ? { _meta: meta } : {}),
  } as CallToolResult;
}

const isContent = (item: unknown): item is CallToolResult['content'][number] => isSpecType.ContentBlock(item);
const asText = (text: string) => ({ type: 'text', text }) as const;

/** A call that did not come to an answer of its tool, in words. @param advice what a model can do */
export function inWords(
  callId: string | undefined,
  { code, message, rules }: Refusal,
  advice: string = ADVICE[code],
): CallToolResult {
  const id = callId === undefined ? '' : `\nCall id: ${callId}`;
  const text = `${code}: ${message}\nWhat to do: ${advice}${id}`;
  const result = marked(callId, { content: [{ type: 'text', text }], isError: true }, code);
  return rules && rules.length > 0 ? { ...result, _meta: { ...result._meta, [RULES]: rules } } : result;
}

/** A call that waits: the model is told how to come back for its answer. */
export const parked = (callId: string, why: string, advice: string = waitFor(callId)): CallToolResult =>
  inWords(callId, { code: 'CALL_PARKED', message: `The call is accepted and waits: ${why}.` }, advice);

const FITS: { readonly [Method in ReadMethod]?: (result: unknown) => boolean } = {
  'resources/read': isSpecType.ReadResourceResult,
  'prompts/get': isSpecType.GetPromptResult,
  'completion/complete': isSpecType.CompleteResult,
};

/**
 * The result of another request than `tools/call`.
 *
 * @throws ProtocolError with the error of the server, where the server refused it; SERVER_PROTOCOL_ERROR with what it
 * said, where no client would take that
 */
export function toRaw(method: ReadMethod, { result, error }: Answer): Result {
  if (error) throw toProtocolError(error);
  if (!result || !('raw' in result))
    throw toProtocolError({
      code: 'RESULT_TOO_LARGE',
      message: result ? tooLarge(result) : 'The result is not known.',
    });
  const { raw, exact } = result;
  const isFit = FITS[method] ?? isObject;
  const given = [raw, withoutNulls(raw, LEVELS)].find(isFit);
  if (!isObject(given)) {
    const said = (exact ?? JSON.stringify(raw)).slice(0, SAID);
    throw toProtocolError({
      code: 'SERVER_PROTOCOL_ERROR',
      message: `The server answered, and not with a result of ${method}: ${said}`,
    });
  }
  const readable = withoutEnvelope(given);
  return exact === undefined ? readable : { ...readable, _meta: { ...readable._meta, [EXACT]: exact } };
}

/**
 * What a server says of itself and of the exchange with the worker is not for the client, which talks to another server
 * in another exchange.
 */
function withoutEnvelope(raw: { readonly [key: string]: unknown }): Result {
  const meta = Object.entries(isObject(raw._meta) ? raw._meta : {}).filter(
    ([key]) => !key.startsWith('io.modelcontextprotocol/'),
  );
  const rest = Object.entries(raw).filter(([key]) => key !== '_meta' && key !== 'resultType');
  return { ...Object.fromEntries(rest), ...(meta.length > 0 ? { _meta: Object.fromEntries(meta) } : {}) };
}

/** @param advice what a model can do */
export function toProtocolError({ code, message, rpc, rules }: Refusal, advice: string = ADVICE[code]): ProtocolError {
  const data = { [CODE]: code, ...(rules && rules.length > 0 ? { [RULES]: rules } : {}) };
  return rpc
    ? new ProtocolError(rpc.code, rpc.message, data)
    : new ProtocolError(ERRORS[code].jsonRpc, `${code}: ${message} ${advice}`, data);
}

/** Did a server of the session answer with this error, or with none of its own? */
export const isOfServer = (error: ProtocolError): boolean =>
  isObject(error.data) && error.data[CODE] === 'SERVER_REFUSED';

/** What a thing that was thrown says to a client; errors that are not Custody's own are INTERNAL_ERROR. */
export const refusalIn = (error: unknown): Refusal =>
  error instanceof CustodyError
    ? { code: error.code, message: error.message }
    : { code: 'INTERNAL_ERROR' satisfies ErrorCode, message: error instanceof Error ? error.message : String(error) };

export const unknownName = (what: 'tool' | 'prompt' | 'resource', name: string): ProtocolError =>
  new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `Unknown ${what}: ${name.slice(0, 200)}`,
    what === 'resource' ? { uri: name } : undefined,
  );

function tooLarge(result: ToolResult): string {
  const ref = 'ref' in result ? result.ref : 'truncated' in result ? result.truncated : undefined;
  if (!ref) return 'The result is not known.';
  const why = 'why' in result && result.why ? `${result.why.code}: ${result.why.message} ` : '';
  return (
    `${why}The call ran, and its result is too large to pass on: ${ref.bytes} bytes, SHA-256 ${ref.sha256}. It ` +
    `begins:\n${ref.preview}`
  );
}

const marked = (callId: string | undefined, result: CallToolResult, code?: ErrorCode): CallToolResult => ({
  ...result,
  _meta: {
    ...result._meta,
    ...(callId === undefined ? {} : { [CALL_ID]: callId }),
    ...(code === undefined ? {} : { [CODE]: code }),
  },
});
