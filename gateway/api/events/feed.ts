import type { Entry } from '../../../audit/entry.ts';

/** What is kept for those who read along: events, and characters of them. */
const KEPT = { events: 1000, characters: 2 * 1024 * 1024 };

/** The session is over, and nothing comes any more. */
export const END = 'event: end\ndata: {}\n\n';

export type Watch = (options: { readonly follow: boolean; readonly signal: AbortSignal }) => AsyncGenerator<Entry>;

/**
 * What happens to one session, read once for any number of readers. The position of an event is how many there are up
 * to it; history only grows, so it is the same in every process.
 */
export class Feed {
  readonly #watch: Watch;
  readonly #most: typeof KEPT;
  readonly #life = new AbortController();
  /** The last events, as they are sent. */
  readonly #kept: string[] = [];
  #characters = 0;
  /** Events before those kept. */
  #gone = 0;
  #end: { readonly error?: unknown } | undefined;
  #waiting: (() => void)[] = [];

  constructor(watch: Watch, most = KEPT) {
    this.#watch = watch;
    this.#most = most;
    void this.#read();
  }

  /**
   * The events after a position, each once, without a gap, and `END` once the session has ended and all are read. A
   * reader that is further behind than what is kept reads the history for itself until it is not.
   */
  async *after(position: number, signal: AbortSignal): AsyncGenerator<string> {
    let wake = (): void => undefined;
    const onAbort = (): void => wake();
    signal.addEventListener('abort', onAbort);
    try {
      for (let at = position; !signal.aborted;) {
        if (at < this.#gone) {
          const before = at;
          for await (const event of this.#history(at, signal)) {
            at += 1;
            yield event;
          }
          if (at === before) return;
        } else if (at < this.#gone + this.#kept.length) {
          at += 1;
          yield this.#kept[at - this.#gone - 1] ?? '';
        } else if (this.#end) {
          if ('error' in this.#end) throw this.#end.error;
          yield END;
          return;
        } else
          await new Promise<void>((resolve) => {
            wake = resolve;
            this.#waiting.push(resolve);
          });
      }
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  close(): void {
    this.#life.abort();
  }

  async *#history(after: number, signal: AbortSignal): AsyncGenerator<string> {
    let at = 0;
    for await (const entry of this.#watch({ follow: false, signal })) {
      at += 1;
      if (at > after) yield eventOf(at, entry);
    }
  }

  async #read(): Promise<void> {
    try {
      for await (const entry of this.#watch({ follow: true, signal: this.#life.signal })) this.#keep(entry);
      this.#end = {};
    } catch (error) {
      this.#end = { error };
    }
    this.#tell();
  }

  #keep(entry: Entry): void {
    const event = eventOf(this.#gone + this.#kept.length + 1, entry);
    this.#kept.push(event);
    this.#characters += event.length;
    const { events, characters } = this.#most;
    while (this.#kept.length > events || (this.#characters > characters && this.#kept.length > 1)) {
      this.#characters -= this.#kept.shift()?.length ?? 0;
      this.#gone += 1;
    }
    this.#tell();
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const each of waiting) each();
  }
}

const eventOf = (position: number, entry: Entry): string => `id: ${position}\ndata: ${JSON.stringify(entry)}\n\n`;
