import type { Heard, Hears, LogLevel, Said, SaidEntry } from '../../../protocol/calls/said.ts';

/** What a caller hears of a server while its call runs. */
export interface Hear {
  /** How far the server is, where it says so. */
  readonly progress?: boolean | undefined;
  /** Log messages from this level on. */
  readonly level?: LogLevel | undefined;
  /** Which of these resources of the server change meanwhile. */
  readonly uris?: readonly string[] | undefined;
  /** What was heard before, in an earlier wait for the same call. */
  readonly after?: Heard | undefined;
  /**
   * Called in order, each word once: while the call runs a second or two after it was said, else before the answer.
   * Of a server that says more than is kept, 32 words or 8 KiB at a time, the last words come. Must not throw.
   *
   * @param at whose word it is, and how far that is, for `after`
   */
  told(word: SaidEntry, at: Heard & { readonly server: string }): void;
}

/** What stands in the command. */
export const hearsOf = ({ progress, level, uris }: Hear): Hears => ({
  ...(progress ? { progress: true } : {}),
  ...(level === undefined ? {} : { level }),
  ...(uris === undefined || uris.length === 0 ? {} : { uris }),
});

/** One wait for the answer of a call, and how far it has heard. */
export class Listening {
  readonly #callId: string;
  readonly #hear: Hear;
  #at: Heard;

  constructor(callId: string, hear: Hear) {
    this.#callId = callId;
    this.#hear = hear;
    this.#at = hear.after ?? { attempt: 0, n: 0 };
  }

  heard({ callId, server, attempt, last }: Said): void {
    if (callId !== this.#callId || attempt < this.#at.attempt) return;
    for (const word of last) {
      if (attempt === this.#at.attempt && word.n <= this.#at.n) continue;
      this.#at = { attempt, n: word.n };
      this.#hear.told(word, { server, ...this.#at });
    }
  }
}
