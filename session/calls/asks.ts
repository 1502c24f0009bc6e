import {
  askBytes,
  type Asks,
  type Continuation,
  type Given,
  openOf,
  readResponses,
} from '../../protocol/calls/asks.ts';
import { CUSTODY } from '../../protocol/by.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { byteLength, canonical } from '../../protocol/values/digest.ts';
import { type JsonObject, problemOfJson } from '../../protocol/values/json.ts';
import type { Event } from '../events.ts';
import { goesOn } from './terms.ts';
import { hasEnded, type OpenCall, type RunningCall } from './state.ts';
import type { Session } from '../session.ts';
import { giveUp } from './endings.ts';
import { commanded } from '../lifecycle/commanded.ts';
import { takeIn } from '../capacity/room.ts';
import type { CommandOf } from '../commands.ts';
import { accept, type Decision, illegal, refuse } from '../decision.ts';

/** Attempts after which a server that asks for nothing but another attempt is given up. */
const MAX_ROUNDS = 20;
/** Milliseconds before such an attempt. */
const PAUSE = 1000;

/** An attempt was answered with a question: the call waits for a person, and nothing is in doubt. */
export function asked(session: Session, call: RunningCall, asks: Asks, now: number): readonly Event[] {
  const { callId } = call;
  const begun = { ...call, sent: call.sent || asks.held !== undefined };
  const unsupported = (message: string): readonly Event[] => [
    giveUp(begun, 'failed', { code: 'SERVER_ASKS_UNSUPPORTED', message }, now),
  ];
  if (call.compensates !== undefined) return unsupported('The server asked in a compensation.');
  if (call.rest?.continuation.withdrawn) {
    const message = 'The server asked again after its question was cancelled.';
    return [giveUp(begun, 'cancelled', { code: 'CALL_CANCELLED', message }, now)];
  }
  const taken = takeIn(session, { type: 'callAsks', callId, asks });
  if (!taken.ok) return unsupported(`The question finds no place in the session: ${taken.refusal.message}`);
  if (asks.forms.length > 0) return taken.events;
  if (call.attempts >= MAX_ROUNDS) {
    const message = `The server asked to be called again ${call.attempts} times, and for nothing else.`;
    return [giveUp(call, 'failed', { code: 'SERVER_ASKS_UNSUPPORTED', message }, now)];
  }
  const reason = 'the server asks to be called again';
  const continues = continuationOf(asks, []);
  return [...taken.events, { type: 'callResponded', callId, continues, by: CUSTODY, reason, retryAt: now + PAUSE }];
}

/** A person answers what a server asked. What does not fit the form is refused, and the question stays. */
export function respond(session: Session, command: CommandOf<'respond'>, now: number): Decision {
  const { by, callId } = command;
  const call = session.open.find((each) => each.callId === callId);
  if (!call) {
    return hasEnded(session, callId)
      ? refuse('CALL_NOT_ASKING', `The call '${callId}' has ended.`)
      : refuse('CALL_NOT_FOUND', `The session has no call '${callId}'.`);
  }
  if (call.phase !== 'awaiting_input') return refuse('CALL_NOT_ASKING', `The call '${callId}' is ${call.phase}.`);
  if (!isWaiting(session))
    return illegal(session, 'respond', 'RUNNING, PAUSED, RESUMING and an AUDIT that leads to COMPLETED');
  const problem = problemOfResponse(command.with);
  if (problem) return refuse('RESPONSE_INVALID', `The response cannot be taken: ${problem}.`);
  const read = readResponses(call.asks, command.with, command.inPart);
  if (!read.ok) return refuse('RESPONSE_INVALID', `The response does not fit what the server asks: ${read.problem}.`);
  const { actor, reason } = by;
  if (openOf(call.asks).length > read.responses.length) {
    const { responses } = read;
    const part = takeIn(session, { type: 'callRespondedInPart', callId, responses, by: actor, reason });
    return part.ok ? accept(commanded(command), ...part.events) : part;
  }
  const continues = continuationOf(call.asks, [...(call.asks.given ?? []), ...read.responses]);
  if (!call.asks.held && cannotGoOn(call.asks, continues)) {
    const message = 'The server asked for what the client does not give, and cannot be told so: the call is over.';
    return accept(commanded(command), giveUp(call, 'cancelled', { code: 'CALL_CANCELLED', message }, now));
  }
  const responded: Event = { type: 'callResponded', callId, continues, by: actor, reason, retryAt: 0 };
  // One that takes less than the question did is always taken.
  const taken = askBytes(continues) > askBytes(call.asks) ? takeIn(session, responded) : accept(responded);
  return taken.ok ? accept(commanded(command), ...taken.events) : taken;
}

/** A form can be declined; of a client's own results MCP knows no other than the result (since 2026-07-28). */
const cannotGoOn = ({ forms }: Asks, { responses }: Continuation): boolean =>
  responses.some(
    ({ key, response }) =>
      response.action !== 'accept' && forms.some((question) => question.key === key && 'kind' in question),
  );

function problemOfResponse(given: JsonObject): string | undefined {
  const isLarge = (): boolean => byteLength(canonical(given)) > LIMITS.askBytes;
  return problemOfJson(given) ?? (isLarge() ? `it is larger than ${LIMITS.askBytes} bytes` : undefined);
}

/** Does the session still wait for what people say? */
const isWaiting = ({ state }: Session): boolean =>
  state.name === 'RUNNING' ||
  state.name === 'PAUSED' ||
  state.name === 'RESUMING' ||
  (state.name === 'AUDIT' && (state.then.name === 'RUNNING' || state.then.name === 'COMPLETED'));

const continuationOf = ({ requestState, held }: Asks, responses: readonly Given[]): Continuation => ({
  responses,
  ...(requestState === undefined ? {} : { requestState }),
  ...(held ? { held } : {}),
});

/**
 * Nobody is waited for any more, as the session ends or is rolled back. A server in mid-call is told that its question
 * is cancelled, so that it ends the call and nothing is in doubt; one that was done with the attempt holds nothing.
 */
export const withdrawAsks = (session: Session, now: number): readonly Event[] =>
  session.open.flatMap((call): readonly Event[] => {
    const { callId } = call;
    const reason = 'the session does not wait for a response any more';
    if (call.phase === 'awaiting_input' && !call.asks.held) {
      const message = `The server asked for input, and ${reason}.`;
      return [giveUp(call, 'cancelled', { code: 'CALL_CANCELLED', message }, now)];
    }
    const continues = withdrawn(session, call);
    return continues ? [{ type: 'callResponded', callId, continues, by: CUSTODY, reason, retryAt: 0 }] : [];
  });

/** What tells a server that waits in mid-call that its question is cancelled. */
function withdrawn(session: Session, call: OpenCall): Continuation | undefined {
  const cancel = ({ key }: { readonly key: string }) => ({ key, response: { action: 'cancel' } as const });
  if (call.phase === 'awaiting_input')
    return { ...continuationOf(call.asks, call.asks.forms.map(cancel)), withdrawn: true };
  const given = call.phase === 'queued' ? call.rest?.continuation : undefined;
  if (!given?.held || goesOn(session, call)) return undefined;
  return { ...given, responses: given.responses.map(cancel), withdrawn: true };
}
