import type { RequestId } from '@modelcontextprotocol/client';
import { partsOf } from '../../protocol/values/parts.ts';
import { answeredBy, readMessage, RpcResponse } from '../calls/settlement.ts';

/** The requests that have no response yet. */
export interface Waiting {
  isOpen(id: RequestId): boolean;
  /** Does its response go past the SDK? */
  isCall(id: RequestId): boolean;
  /** Gets the response itself. */
  take(id: RequestId, response: RpcResponse): void;
  /** Hears that the response is none. */
  giveUp(id: RequestId): void;
}

/**
 * The text of a message as the SDK is given it: for a response to a call, and for one that the SDK could not read, a
 * stub that it takes. One body may be a list of messages.
 */
export function rewrite(text: string, waiting: Waiting): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  if (Array.isArray(parsed)) {
    const parts = partsOf(text).map((part) => part.text);
    return `[${parts.map((part) => rewrite(part, waiting)).join(',')}]`;
  }
  const id = answeredBy(parsed, waiting.isOpen);
  if (id === undefined) return text;
  if (waiting.isCall(id)) {
    waiting.take(id, new RpcResponse(text, parsed as Record<string, unknown>));
    return stub(id);
  }
  const message = readMessage(parsed);
  if (message !== undefined) return 'result' in message ? JSON.stringify(message) : text;
  waiting.giveUp(id);
  return stub(id);
}

const stub = (id: RequestId): string => JSON.stringify({ jsonrpc: '2.0', id, result: {} });
