import { isObject, type JsonObject } from '../protocol/values/json.ts';
import { isRef, type Ref } from '../protocol/values/payload.ts';
import { decode, type HistoryEvent, instantOf } from './history.ts';

/** What a call was asked to do, as the history has it. */
export interface Asked {
  readonly callId: string;
  /** ISO 8601. */
  readonly at: string;
  /** The arguments, or what stands for them where they are too large for history. */
  readonly args: JsonObject | Ref;
}

/** The call that an event asks for: an update from outside, or the attempt of a session's own. */
export function askedIn(event: HistoryEvent): Asked | undefined {
  const request = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
  const attempt = event.activityTaskScheduledEventAttributes;
  const isCall = request?.name === 'call' || attempt?.activityType?.name === 'callTool';
  const input = isCall ? decode(request?.args ?? attempt?.input)[0] : undefined;
  if (!isObject(input) || typeof input.callId !== 'string') return undefined;
  const { callId, args, argsRef } = input;
  const given = isRef(argsRef) ? argsRef : isObject(args) ? (args as JsonObject) : {};
  return { callId, at: new Date(instantOf(event.eventTime)).toISOString(), args: given };
}
