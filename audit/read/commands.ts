import { isObject, type Json } from '../../protocol/values/json.ts';
import { decode, type HistoryEvent } from '../history.ts';
import { provenIn } from '../standing.ts';
import { toldIn } from '../told.ts';
import type { Said } from './said.ts';

interface Update {
  readonly name: string;
  readonly input: unknown;
  readonly event: number;
}

/** Reads what somebody outside said to the session. */
export class CommandReader {
  readonly #updates = new Map<string, Update>();

  /** Undefined where the event is none of a command. */
  read(event: HistoryEvent): readonly Said[] | undefined {
    const signal = event.workflowExecutionSignaledEventAttributes;
    // Signs of life are no commands.
    if (signal?.signalName === 'heartbeat') return [];
    if (signal) return [commandOf('signal', signal.signalName ?? '', decode(signal.input)[0])];
    const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
    if (accepted) {
      const { name, args } = accepted.acceptedRequest?.input ?? {};
      const [input] = decode(args);
      const id = accepted.protocolInstanceId ?? '';
      this.#updates.set(id, { name: name ?? '', input, event: Number(event.eventId) });
      return name === 'call' ? [commandOf('update', name, input)] : [];
    }
    const completed = event.workflowExecutionUpdateCompletedEventAttributes;
    if (completed) return this.#answered(completed.meta?.updateId ?? '', decode(completed.outcome?.success)[0]);
    return undefined;
  }

  /** A command by update has its number in the answer, so it is on record once it is answered. */
  #answered(id: string, reply: unknown): readonly Said[] {
    const { name, input, event } = this.#updates.get(id) ?? { name: 'update', input: undefined, event: undefined };
    this.#updates.delete(id);
    const place = {
      ...(isObject(reply) && typeof reply.record === 'number' ? { n: reply.record } : {}),
      ...(event === undefined ? {} : { on: [event] }),
      ...provenIn(reply),
    };
    const asked = commandOf('update', name, input);
    const refusal = isObject(reply) && isObject(reply.refusal) ? reply.refusal : undefined;
    if (refusal) {
      const { code, message } = refusal;
      const data = { command: name, code: String(code), message: String(message), input: (input ?? null) as Json };
      const call = asked.call === undefined ? {} : { call: asked.call };
      return [{ layer: 'compliance', kind: 'refused', data, by: asked.by ?? null, ...call, ...place }];
    }
    return name === 'call' ? [] : [{ ...asked, ...toldIn(name, input), ...place } as Said];
  }
}

function commandOf(via: 'signal' | 'update', name: string, input: unknown): Said {
  const fields = isObject(input) ? input : {};
  return {
    layer: 'session',
    kind: 'command',
    data: { name, via, input: (input ?? null) as Json },
    by: typeof fields.actor === 'string' ? fields.actor : null,
    ...(typeof fields.callId === 'string' ? { call: fields.callId } : {}),
  };
}
