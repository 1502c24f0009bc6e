import { parseJSONRPCMessage, ProtocolError } from '@modelcontextprotocol/client';
import type { JSONRPCErrorResponse, JSONRPCMessage, RequestId } from '@modelcontextprotocol/client';
import { METHODS } from '../../protocol/calls/call.ts';
import { isObject, withoutNulls } from '../../protocol/values/json.ts';
import { McpError } from '../error.ts';

/** A response as it came: the text of the message, and what stands in it. */
export class RpcResponse {
  readonly text: string;
  readonly message: Readonly<Record<string, unknown>>;

  constructor(text: string, message: Readonly<Record<string, unknown>>) {
    this.text = text;
    this.message = message;
  }
}

/** What ends a request: a response to it, or why none will come. */
export type Settlement = RpcResponse | McpError;

/**
 * How a transport ends one request by itself. The SDK takes a response for noise, or throws it away, where it does not
 * keep to its schemas, though it answers a call that was made; and it lets a request without a response run into its
 * timeout. So the settlement rides past it in the `data` of an error, as an object, which no server can forge.
 */
export const settled = (id: RequestId, by: Settlement): JSONRPCErrorResponse => ({
  jsonrpc: '2.0',
  id,
  error: { code: -32000, message: by instanceof McpError ? by.message : 'answered', data: by },
});

/** The settlement that a transport gave to `settled`, if `error` is what the SDK made of it. */
export const settlementIn = (error: unknown): Settlement | undefined =>
  error instanceof ProtocolError && (error.data instanceof McpError || error.data instanceof RpcResponse)
    ? error.data
    : undefined;

const CALLS: ReadonlySet<string> = new Set(METHODS);

/** Does a session make this request? Then its response goes past the SDK; the others are the SDK's own. */
export const isCall = ({ method }: { readonly method: string }): boolean => CALLS.has(method);

/**
 * The id of the open request that a message answers. It says no more of itself than that: a server may leave out what
 * JSON-RPC asks for, add to it, or write the number of the id as a text.
 */
export function answeredBy(message: unknown, isOpen: (id: RequestId) => boolean): RequestId | undefined {
  if (!isObject(message)) return undefined;
  if ('method' in message && !('result' in message || 'error' in message)) return undefined;
  const { id } = message;
  if ((typeof id === 'number' || typeof id === 'string') && isOpen(id)) return id;
  return typeof id === 'string' && /^\d{1,15}$/.test(id) && isOpen(Number(id)) ? Number(id) : undefined;
}

/**
 * A message as the SDK takes it; undefined for what is none. In a response optional members that are null are absent;
 * so are others, and the SDK says which it misses.
 */
export function readMessage(parsed: unknown): JSONRPCMessage | undefined {
  try {
    return parseJSONRPCMessage(isObject(parsed) && 'result' in parsed ? withoutNulls(parsed, SHALLOW) : parsed);
  } catch {
    return undefined;
  }
}

/** Levels of a response in which members are optional in MCP; deeper ones are not the protocol's. */
const SHALLOW = 5;
