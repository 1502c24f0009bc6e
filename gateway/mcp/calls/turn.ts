import {
  inputRequired,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { CALL_ID_FORM } from '../../../protocol/calls/call.ts';
import { isObject } from '../../../protocol/values/json.ts';
import { traceparentIn } from '../../../protocol/values/traceparent.ts';
import { callIdIn } from './callId.ts';

/** How often a client is asked to come again before it is told to use custody_wait; the client of the SDK bears 10. */
const ROUNDS = 8;

/**
 * A request, and how often it came again: since revision 2026-07-28 a server may answer that the same request shall
 * come again with a state of the server's.
 */
export interface Turn {
  readonly callId: string;
  readonly round: number;
  /** W3C trace context of the request. */
  readonly traceparent?: string;
}

/**
 * Which turn a request is. The state is the client's word; it can say no more than a call id in `_meta` could.
 *
 * @throws ProtocolError -32602 for a state or a call id that is none
 */
export function turnOf(context: ServerContext): Turn {
  const traceparent = traceparentIn(context.mcpReq._meta?.['traceparent']);
  return { ...turnIn(context), ...(traceparent === undefined ? {} : { traceparent }) };
}

function turnIn({ mcpReq }: ServerContext): Turn {
  const state = mcpReq.requestState();
  if (state === undefined) return { callId: callIdIn(mcpReq._meta), round: 0 };
  try {
    const turn: unknown = typeof state === 'string' ? JSON.parse(state) : undefined;
    if (
      isObject(turn) &&
      typeof turn.callId === 'string' &&
      CALL_ID_FORM.test(turn.callId) &&
      typeof turn.round === 'number'
    )
      return { callId: turn.callId, round: turn.round };
  } catch {
    // No state of ours.
  }
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The request state is not one that this server gave.');
}

/** The state that the next turn of a request carries. */
export const nextState = ({ callId, round }: Turn): string => JSON.stringify({ callId, round: round + 1 });

/** The answer that asks for the next turn; undefined where there were enough. */
export const comeAgain = (turn: Turn): InputRequiredResult | undefined =>
  turn.round < ROUNDS ? inputRequired({ requestState: nextState(turn) }) : undefined;
