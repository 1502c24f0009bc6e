import {
  inputRequired,
  type InputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { CALL_ID_FORM } from '../../../protocol/calls/call.ts';
import { digestOf } from '../../../protocol/values/digest.ts';
import type { Json } from '../../../protocol/values/json.ts';
import { traceparentIn } from '../../../protocol/values/traceparent.ts';
import { callIdIn } from './callId.ts';
import type { Seals } from '../../auth/seals.ts';

/** How often a client is asked to come again before it is told to use custody_wait; the client of the SDK bears 10. */
const ROUNDS = 8;

/** How the states of requests are kept from being read, changed, or used by somebody else. */
export interface StateKeeper {
  readonly seals: Seals;
  /** Whose requests they are. */
  readonly subject: string;
}

/**
 * A request, and how often it came again: since revision 2026-07-28 a server may answer that the same request shall
 * come again with a state of the server's.
 */
export interface Turn {
  readonly callId: string;
  readonly round: number;
  /** What is asked for, method and parameters: a state is good for no other request. */
  readonly about: Json;
  /** Digest of what the client was asked with the state. */
  readonly asked?: string;
  /** W3C trace context of the request. */
  readonly traceparent?: string;
}

/**
 * Which turn a request is.
 *
 * @param about what is asked for: what comes again has to be the same
 * @param owner begins the ids of calls that the client gives none
 * @throws ProtocolError -32602 for a state that was not given for this request and this principal, or a call id that
 *   is none
 */
export async function turnOf(
  { mcpReq }: ServerContext,
  about: Json,
  { seals, subject }: StateKeeper,
  owner?: string,
): Promise<Turn> {
  const traceparent = traceparentIn(mcpReq._meta?.['traceparent']);
  const rest = traceparent === undefined ? {} : { traceparent };
  const state = mcpReq.requestState();
  if (state === undefined) return { callId: callIdIn(mcpReq._meta, owner), round: 0, about, ...rest };
  const opened = typeof state === 'string' ? await seals.open('state', subject, state) : undefined;
  const { callId, round, asked } = opened ?? {};
  const isOurs = typeof callId === 'string' && CALL_ID_FORM.test(callId) && typeof round === 'number';
  if (isOurs && opened?.request === digestOf(about))
    return { callId, round, about, ...(typeof asked === 'string' ? { asked } : {}), ...rest };
  throw new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'The request state is not one that this server gave for this request, or it is too old.',
  );
}

/** The state that the next turn of a request carries. @param asked digest of what the client is asked with it */
export const nextState = (
  { callId, round, about }: Turn,
  { seals, subject }: StateKeeper,
  asked?: string,
): Promise<string> =>
  seals.seal('state', subject, {
    callId,
    round: round + 1,
    request: digestOf(about),
    ...(asked === undefined ? {} : { asked }),
  });

/** The answer that asks for the next turn; undefined where there were enough. */
export const comeAgain = async (turn: Turn, keeper: StateKeeper): Promise<InputRequiredResult | undefined> =>
  turn.round < ROUNDS ? inputRequired({ requestState: await nextState(turn, keeper) }) : undefined;
