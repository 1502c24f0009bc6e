import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/client';
import type { AskResponse } from '../../protocol/calls/asks.ts';
import type { Question } from '../../protocol/calls/questions.ts';
import type { Dialogue } from './dialogue.ts';

interface Unclaimed {
  readonly take: (dialogue: Dialogue) => void;
  readonly refuse: () => void;
}

/**
 * The calls under way on one connection, and which of them a request of the server belongs to. Over HTTP the stream
 * that brings it tells; over stdio nothing does. With one call at work it is that one. With several it waits: those
 * that the server is not asking about come to their end, and who is left is asking. A call whose time is over meanwhile
 * is taken for the one that asks. A wrong guess mixes up whose question it is, never whose answer.
 */
export class Dialogues {
  readonly #all = new Set<Dialogue>();
  #unclaimed: readonly Unclaimed[] = [];

  add(dialogue: Dialogue): void {
    this.#all.add(dialogue);
  }

  delete(dialogue: Dialogue): void {
    this.#all.delete(dialogue);
    this.#match();
  }

  /**
   * The server asks for a response.
   *
   * @param owner the call that it belongs to, where that is known
   * @param signal aborted when the server does not want to know any more
   */
  async ask(question: Question, owner: Dialogue | undefined, signal: AbortSignal): Promise<AskResponse> {
    const dialogue = owner && this.#all.has(owner) ? owner : await this.#claim(signal);
    return dialogue.ask(question, signal);
  }

  /** The one call under way; undefined with several, or none. */
  get only(): Dialogue | undefined {
    const [first, ...others] = this.#all;
    return others.length === 0 ? first : undefined;
  }

  /** Where nothing tells to which call a log message belongs: the oldest that listens. */
  get listening(): Dialogue | undefined {
    return [...this.#all].find(({ listens }) => listens);
  }

  /** A resource changed: of all calls, those hear it that asked for this one. */
  updated(uri: string): void {
    for (const dialogue of this.#all) dialogue.updated(uri);
  }

  has(dialogue: Dialogue): boolean {
    return this.#all.has(dialogue);
  }

  /** A call that has run out of time takes a request that nobody claimed. True if there was one. */
  claim(dialogue: Dialogue): boolean {
    const [first, ...rest] = this.#unclaimed;
    this.#unclaimed = rest;
    first?.take(dialogue);
    return first !== undefined;
  }

  #claim(signal: AbortSignal): Promise<Dialogue> {
    return new Promise((take, reject) => {
      const unclaimed = {
        take,
        refuse: () =>
          reject(new ProtocolError(ProtocolErrorCode.InvalidRequest, 'No call is under way that this could be about.')),
      };
      this.#unclaimed = [...this.#unclaimed, unclaimed];
      signal.addEventListener(
        'abort',
        () => {
          this.#unclaimed = this.#unclaimed.filter((each) => each !== unclaimed);
          reject(signal.reason as Error);
        },
        { once: true },
      );
      this.#match();
    });
  }

  #match(): void {
    const atWork = [...this.#all].filter(({ isAtWork }) => isAtWork);
    if (this.#unclaimed.length < atWork.length) return;
    const candidates = atWork.length > 0 ? atWork : [...this.#all].slice(0, 1);
    const unclaimed = this.#unclaimed;
    this.#unclaimed = [];
    for (const [index, each] of unclaimed.entries()) {
      const dialogue = candidates[Math.min(index, candidates.length - 1)];
      if (dialogue) each.take(dialogue);
      else each.refuse();
    }
  }
}
