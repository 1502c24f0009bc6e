import { CustodyError } from '../../protocol/errors.ts';

/** How many requests are inside, and whether more are let in. */
export class Room {
  readonly #most: number;
  #inside = 0;
  #isClosed = false;
  #whenEmpty: (() => void) | undefined;

  /** @param most requests at once */
  constructor(most: number) {
    this.#most = most;
  }

  get inside(): number {
    return this.#inside;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** @returns called when the request is over @throws CustodyError GATEWAY_BUSY */
  enter(): () => void {
    if (this.#isClosed) throw new CustodyError('GATEWAY_BUSY', 'This process of the gateway is about to stop.');
    if (this.#inside >= this.#most)
      throw new CustodyError('GATEWAY_BUSY', `${this.#inside} requests are open already.`);
    this.#inside += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#inside -= 1;
      if (this.#inside === 0) this.#whenEmpty?.();
    };
  }

  /** Lets nobody in any more; settles when all are out. */
  close(): Promise<void> {
    this.#isClosed = true;
    if (this.#inside === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenEmpty = resolve;
    });
  }
}
