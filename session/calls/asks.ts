import { askBytes, type Asks, type Continuation, readResponses } from '../../protocol/asks.ts';
import { byteLength, canonical } from '../../protocol/values/digest.ts';
import type { OutsideCommand } from '../commands.ts';
import type { Event } from '../events.ts';
import { LIMITS } from '../../protocol/limits.ts';
import { problemOfJson } from '../../protocol/values/json.ts';
import { goesOn, hasEnded, type OpenCall, type Session } from '../session.ts';
import { giveUp } from './endings.ts';
import { commanded } from '../lifecycle/commands.ts';
import { takeIn } from '../capacity/room.ts';
import type { Decision } from '../decision.ts';
import { accept, CUSTODY, illegal, refuse } from '../decision.ts';

/** Attempts after which a server that asks for nothing but another attempt is given up. */
const MAX_ROUNDS = 20;
/** Milliseconds before such an attempt. */
const PAUSE = 1000;

/** An attempt was answered with a question: the call waits for a person, and nothing is in doubt (E8). */
export function asked(session: Session, call: OpenCall, asks: Asks, now: number): readonly Event[] {
  const { callId } = call;
  const sent = call.sent || asks.held !== undefined;
  if (call.compensates !== undefined)
    return [
      giveUp(
        { ...call, sent },
        'failed',
        { code: 'SERVER_ASKS_UNSUPPORTED', message: 'The server asked in a compensation.' },
        now,
      ),
    ];
  if (call.continues?.withdrawn)
    return [
      giveUp(
        { ...call, sent },
        'cancelled',
        { code: 'CALL_CANCELLED', message: 'The server asked again after its question was cancelled.' },
        now,
      ),
    ];
  const taken = takeIn(session, { type: 'callAsks', callId, asks });
  if (!taken.ok)
    return [
      giveUp(
        { ...call, sent },
        'failed',
        {
          code: 'SERVER_ASKS_UNSUPPORTED',
          message: `The question finds no place in the session: ${taken.refusal.message}`,
        },
        now,
      ),
    ];
  if (asks.forms.length > 0) return taken.events;
  if (call.attempts >= MAX_ROUNDS)
    return [
      giveUp(
        call,
        'failed',
        {
          code: 'SERVER_ASKS_UNSUPPORTED',
          message: `The server asked to be called again ${call.attempts} times, and for nothing else.`,
        },
        now,
      ),
    ];
  return [
    ...taken.events,
    {
      type: 'callResponded',
      callId,
      continues: continuationOf(asks, []),
      by: CUSTODY,
      reason: 'the server asks to be called again',
      retryAt: now + PAUSE,
    },
  ];
}

/** A person answers what a server asked. What does not fit the form is refused, and the question stays. */
export function respond(session: Session, command: Extract<OutsideCommand, { type: 'respond' }>): Decision {
  const { state } = session;
  const { by, callId } = command;
  const call = session.open.find((each) => each.callId === callId);
  if (!call)
    return hasEnded(session, callId)
      ? refuse('CALL_NOT_ASKING', `The call '${callId}' has ended.`)
      : refuse('CALL_NOT_FOUND', `The session has no call '${callId}'.`);
  if (call.phase !== 'awaiting_input' || !call.asks)
    return refuse('CALL_NOT_ASKING', `The call '${callId}' is ${call.phase}.`);
  const waits =
    state.name === 'RUNNING' ||
    state.name === 'PAUSED' ||
    state.name === 'RESUMING' ||
    (state.name === 'AUDIT' && (state.then.name === 'RUNNING' || state.then.name === 'COMPLETED'));
  if (!waits) return illegal(session, 'respond', 'RUNNING, PAUSED, RESUMING and an AUDIT that leads to COMPLETED');
  const problem =
    problemOfJson(command.with) ??
    (byteLength(canonical(command.with)) > LIMITS.askBytes ? `it is larger than ${LIMITS.askBytes} bytes` : undefined);
  if (problem) return refuse('RESPONSE_INVALID', `The response cannot be taken: ${problem}.`);
  const read = readResponses(call.asks, command.with);
  if (!read.ok) return refuse('RESPONSE_INVALID', `The response does not fit what the server asks: ${read.problem}.`);
  const continues = continuationOf(call.asks, read.responses);
  const responded: Event = { type: 'callResponded', callId, continues, by: by.actor, reason: by.reason, retryAt: 0 };
  // One that takes less than the question did is always taken.
  const taken = askBytes(continues) > askBytes(call.asks) ? takeIn(session, responded) : accept(responded);
  return taken.ok ? accept(commanded(command), ...taken.events) : taken;
}

const continuationOf = ({ requestState, held }: Asks, responses: Continuation['responses']): Continuation => ({
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
    const { callId, asks, continues } = call;
    const reason = 'the session does not wait for a response any more';
    if (call.phase === 'awaiting_input' && asks && !asks.held)
      return [
        giveUp(
          call,
          'cancelled',
          { code: 'CALL_CANCELLED', message: `The server asked for input, and ${reason}.` },
          now,
        ),
      ];
    const open =
      call.phase === 'awaiting_input'
        ? asks &&
          continuationOf(
            asks,
            asks.forms.map(({ key }) => ({ key, response: { action: 'cancel' } })),
          )
        : undefined;
    const answered =
      call.phase === 'queued' && continues?.held && !goesOn(session, call)
        ? {
            ...continues,
            responses: continues.responses.map(({ key }) => ({ key, response: { action: 'cancel' } as const })),
          }
        : undefined;
    const withdrawn = open ?? answered;
    return withdrawn
      ? [
          {
            type: 'callResponded',
            callId,
            continues: { ...withdrawn, withdrawn: true },
            by: CUSTODY,
            reason,
            retryAt: 0,
          },
        ]
      : [];
  });
