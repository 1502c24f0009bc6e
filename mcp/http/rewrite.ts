import type { RequestId } from '@modelcontextprotocol/client';
import { partsOf } from '../calls/parts.ts';
import { answeredBy, RpcResponse } from '../calls/settlement.ts';

/**
 * The text of a message as the SDK is given it: for a response to a call a stub that the SDK takes, whatever the
 * response is. One body may be a list of messages.
 *
 * @param isOpen is this a call without a response?
 * @param take gets the response itself
 */
export function rewrite(
  text: string,
  isOpen: (id: RequestId) => boolean,
  take: (id: RequestId, response: RpcResponse) => void,
): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  if (Array.isArray(parsed)) {
    const parts = partsOf(text).map((part) => part.text);
    return `[${parts.map((part) => rewrite(part, isOpen, take)).join(',')}]`;
  }
  const id = answeredBy(parsed, isOpen);
  if (id === undefined) return text;
  take(id, new RpcResponse(text, parsed as Record<string, unknown>));
  return JSON.stringify({ jsonrpc: '2.0', id, result: {} });
}
