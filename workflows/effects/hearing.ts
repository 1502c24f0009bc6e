import type { AttemptOutcome } from '../../protocol/calls/call.ts';
import type { AttemptOrder, AttemptReport, Hears, Said } from '../../protocol/calls/said.ts';
import type { CallReply } from '../../protocol/replies.ts';
import type { CommandOf } from '../../session/commands.ts';

/** Calls of which it is known who wants to hear what, and of which it is known what was said. */
const ASKED = 256;
const SAID = 16;

/**
 * What servers say while calls run, on its way to who wants to hear it. It is no part of the session's state: a run
 * knows of its own calls alone, the last of them.
 */
export class Hearing {
  readonly #hears = new Map<string, Hears>();
  readonly #said = new Map<string, Said>();

  /** A call is asked for. */
  asked({ hears, request: { callId } }: CommandOf<'call'>): void {
    if (hears) keep(this.#hears, callId, hears, ASKED);
  }

  /** What the caller wants to hear in an attempt. */
  wanted({ callId }: Pick<AttemptOrder, 'callId'>): Pick<AttemptOrder, 'hears'> {
    const hears = this.#hears.get(callId);
    return hears ? { hears } : {};
  }

  /** The outcome without what was said, which is kept for who waits. */
  heard(callId: string, { said, ...outcome }: AttemptReport): AttemptOutcome {
    if (said) keep(this.#said, callId, said, SAID);
    return outcome;
  }

  /** The reply to a call, with what was said in it. */
  with<R extends CallReply>(callId: string, reply: R): R {
    const said = this.#said.get(callId);
    return reply.status === 'answered' && said ? { ...reply, said } : reply;
  }

  /** A call came to its end. */
  over(callId: string): void {
    this.#hears.delete(callId);
  }
}

/** The last ones are kept. */
function keep<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
