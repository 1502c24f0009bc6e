import { LIMITS } from '../../protocol/limits.ts';

/** How much of one oversize line is skipped, and for how many milliseconds, before the connection is given up. */
const SKIP_BYTES = 20 * LIMITS.messageBytes;
const SKIP_TIME = 3000;

/** Sees to it that an oversize line ends, in bytes and in time. */
export class SkipWatch {
  readonly #giveUp: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(giveUp: () => void) {
    this.#giveUp = giveUp;
  }

  /** @param skipped bytes of the oversize line that is being skipped now; 0 if none is */
  look(skipped: number): void {
    if (skipped === 0) this.stop();
    else if (skipped > SKIP_BYTES) this.#giveUp();
    else this.#timer ??= setTimeout(this.#giveUp, SKIP_TIME).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
