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

/**
 * Finds what calls were asked to do, from the events of a history in whatever order. An attempt has the last word; a
 * call that was not begun is known by the update that asked for it, unless that was refused.
 */
export class AskedCalls {
  readonly #begun = new Map<string, Asked>();
  readonly #asks = new Map<string, Asked>();
  readonly #refused = new Set<string>();

  read(event: HistoryEvent): void {
    const attempt = event.activityTaskScheduledEventAttributes;
    if (attempt?.activityType?.name === 'callTool') keep(this.#begun, askedIn(attempt.input, event));
    const update = event.workflowExecutionUpdateAcceptedEventAttributes;
    const request = update?.acceptedRequest?.input;
    if (request?.name === 'call') keep(this.#asks, askedIn(request.args, event), update?.protocolInstanceId ?? '');
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    const reply = completed && decode(completed.outcome?.success)[0];
    if (isObject(reply) && reply.status === 'refused') this.#refused.add(completed?.meta?.updateId ?? '');
  }

  /** Undefined where the events do not tell. */
  of(callId: string): Asked | undefined {
    const asks = [...this.#asks].filter(([update, asked]) => asked.callId === callId && !this.#refused.has(update));
    return this.#begun.get(callId) ?? asks[0]?.[1];
  }

  /** Was it begun? Then there is no more to find. */
  hasBegun(callId: string): boolean {
    return this.#begun.has(callId);
  }
}

function keep(known: Map<string, Asked>, asked: Asked | undefined, key = asked?.callId): void {
  if (asked && key && !known.has(key)) known.set(key, asked);
}

function askedIn(input: Parameters<typeof decode>[0], { eventTime }: HistoryEvent): Asked | undefined {
  const [call] = decode(input);
  if (!isObject(call) || typeof call.callId !== 'string') return undefined;
  const { callId, args, argsRef } = call;
  const given = isRef(argsRef) ? argsRef : isObject(args) ? (args as JsonObject) : {};
  return { callId, at: new Date(instantOf(eventTime)).toISOString(), args: given };
}
