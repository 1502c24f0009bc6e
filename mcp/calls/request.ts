import {
  type Client,
  LOG_LEVEL_META_KEY,
  type Progress,
  type RequestOptions,
  type Tool,
} from '@modelcontextprotocol/client';
import type { CallProgress } from '../../protocol/calls/call.ts';
import type { AskKind } from '../../protocol/calls/questions.ts';
import { isObject, type JsonObject } from '../../protocol/values/json.ts';
import { LONGEST_TIMER } from '../connection.ts';
import { type CallOptions, type Reply, type ToolAnswer } from './call.ts';
import { excerpt } from '../error.ts';
import { AS_SENT, exchange, rawAnswer, type Result, toolAnswer } from './answer.ts';
import { inputOf, readQuestion } from './question.ts';

/** A request over a client of the SDK. */
interface Sending {
  readonly client: Client;
  /** What the server may ask. */
  readonly kinds: readonly AskKind[];
  /** For messages: "tool 'append' of MCP server 'journal'". */
  readonly what: string;
  readonly options: Omit<CallOptions, 'signal' | 'timeout'>;
  /** Ends it; the SDK's own timeout does not. */
  readonly signal: AbortSignal;
}

/**
 * Calls a tool.
 *
 * @param definition as the server listed it, but for its output schema. The SDK takes the headers from it that revision
 *   2026-07-28 asks for; given one, it does not send a call again that was refused for its headers
 */
export function callTool(sending: Sending, args: JsonObject, definition: Tool): Promise<Reply> {
  const { client, options } = sending;
  const { onProgress, continues } = options;
  const params = {
    name: definition.name,
    arguments: args,
    _meta: metaOf(sending),
    ...(continues ? inputOf(continues) : {}),
  };
  return answered(sending, toolAnswer, (ends) =>
    client.callTool(params, {
      ...ends,
      toolDefinition: definition,
      ...(onProgress && { onprogress: (progress) => onProgress(readProgress(progress)) }),
    }),
  );
}

/** Makes any other request. The caller's `_meta` would stand for what the SDK and Custody say there. */
export function request(sending: Sending, method: string, params: JsonObject): Promise<Reply> {
  const { client, options } = sending;
  const { continues } = options;
  const given = { ...params, _meta: metaOf(sending), ...(continues ? inputOf(continues) : {}) };
  return answered(sending, rawAnswer, (ends) => client.request({ method, params: given }, AS_SENT, ends));
}

/** Since revision 2026-07-28 each request says by itself which log messages are wanted. */
const metaOf = ({ client, options: { meta, level } }: Sending): JsonObject =>
  level !== undefined && client.getProtocolEra() === 'modern' ? { ...meta, [LOG_LEVEL_META_KEY]: level } : meta;

/**
 * Since revision 2026-07-28 a result says of which type it is; one that does not is complete. One of a type that is not
 * known is an answer all the same, and says its type.
 */
async function answered(
  { client, kinds, what, options, signal }: Sending,
  read: (result: Result) => ToolAnswer,
  send: (ends: RequestOptions) => Promise<unknown>,
): Promise<Reply> {
  const result = await exchange(what, () => send({ signal, timeout: LONGEST_TIMER }), options.maxResultBytes);
  const { parsed } = result;
  const asks = client.getProtocolEra() === 'modern' && isObject(parsed) && parsed['resultType'] === 'input_required';
  return asks ? readQuestion(what, kinds, parsed, result.exact) : read(result);
}

const readProgress = ({ progress, total, message }: Progress): CallProgress => ({
  progress,
  ...(total === undefined ? {} : { total }),
  ...(message === undefined ? {} : { message: excerpt(message) }),
});
