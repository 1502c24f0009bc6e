import { CustodyError } from '../../../protocol/errors.ts';

/** Streams of one caller. */
const MOST = 32;

/** How many streams each caller has in this process, so that none has them all. */
export class Seats {
  readonly #taken = new Map<string, number>();

  /** @returns called, once, when the stream is over @throws CustodyError GATEWAY_BUSY */
  take(caller: string): () => void {
    const taken = this.#taken.get(caller) ?? 0;
    if (taken >= MOST) throw new CustodyError('GATEWAY_BUSY', `This token has ${MOST} streams open already.`);
    this.#taken.set(caller, taken + 1);
    return () => {
      const left = (this.#taken.get(caller) ?? 1) - 1;
      if (left === 0) this.#taken.delete(caller);
      else this.#taken.set(caller, left);
    };
  }
}
