import type { Custody } from '../../../client/custody.ts';
import { Feed } from './feed.ts';

/** The sessions that somebody reads along in this process: one watch of each. */
export class Feeds {
  readonly #custody: Custody;
  readonly #open = new Map<string, { readonly feed: Feed; readers: number }>();

  constructor(custody: Custody) {
    this.#custody = custody;
  }

  get size(): number {
    return this.#open.size;
  }

  /** The events of a session after a position; see `Feed.after`. The watch ends with its last reader. */
  async *after(id: string, position: number, signal: AbortSignal): AsyncGenerator<string> {
    const session = this.#custody.session(id);
    const opened = this.#open.get(id) ?? { feed: new Feed((options) => session.watch(options)), readers: 0 };
    this.#open.set(id, opened);
    opened.readers += 1;
    try {
      yield* opened.feed.after(position, signal);
    } finally {
      opened.readers -= 1;
      if (opened.readers === 0) {
        if (this.#open.get(id) === opened) this.#open.delete(id);
        opened.feed.close();
      }
    }
  }
}
